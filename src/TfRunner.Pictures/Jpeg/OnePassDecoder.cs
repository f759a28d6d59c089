namespace TfRunner.Pictures.Jpeg;

/// <summary>Decodes a file whose one scan holds everything: samples come out while coefficients are read, and blocks that nobody reads are passed over.</summary>
internal sealed unsafe class OnePassDecoder : IDisposable
{
    private readonly JpegFrame frame;
    private readonly JpegScan scan;
    private readonly EntropyData data;
    private readonly RowWriter writer;
    private readonly BlockQueue queue;
    private readonly UnitBlock[] blocks;
    private readonly int[] predictors;
    private EntropyReader reader;
    private int untilRestart;
    private bool isOver;

    /// <summary>Prepares the scan.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="data">The scan's data.</param>
    /// <param name="planes">One per component; those that are not written want no block.</param>
    /// <param name="writer">Where samples go.</param>
    public OnePassDecoder(JpegFrame frame, JpegScan scan, EntropyData data, ComponentPlane[] planes, RowWriter writer)
    {
        (this.frame, this.scan, this.data, this.writer) = (frame, scan, data, writer);
        queue = new();
        blocks = [.. planes.SelectMany((plane, c) => Enumerable.Range(0, plane.Component.H * plane.Component.V).Select(i => new UnitBlock(plane, c, i)))];
        predictors = new int[planes.Length];
        reader = data.First();
        untilRestart = scan.RestartInterval;
    }

    /// <summary>Whether a scan is the only one that a frame needs.</summary>
    public static bool Takes(JpegFrame frame, JpegScan scan) => !frame.Progressive && scan.Components.SequenceEqual(frame.Components);

    /// <summary>Decodes the scan.</summary>
    public void Run()
    {
        for (var row = 0; row < frame.UnitsDown; row++)
        {
            foreach (var block in blocks)
            {
                block.Begin(row);
            }

            DecodeRow();
            queue.Flush();
            writer.Write(row + 1);
        }

        data.CheckEnd(reader);
        if (!data.IsLastPart)
        {
            throw new UnusualJpegException("there is data left over");
        }
    }

    public void Dispose() => queue.Dispose();

    private void DecodeRow()
    {
        var bits = reader;
        var over = isOver;
        for (var column = 0; column < frame.UnitsAcross; column++)
        {
            if (scan.RestartInterval > 0 && untilRestart-- == 0)
            {
                over &= !data.Restart(ref bits);
                Array.Clear(predictors);
                untilRestart = scan.RestartInterval - 1;
            }

            if (over)
            {
                PassUnit(column);
                continue;
            }

            foreach (var block in blocks)
            {
                ref var predictor = ref predictors[block.Component];
                var (dc, ac) = (scan.Dc[block.Component]!, scan.Ac[block.Component]!);
                if (!block.IsWanted(column))
                {
                    BlockReader.Pass(ref bits, dc, ac, ref predictor);
                }
                else if (block.Last == 0)
                {
                    BlockReader.Pass(ref bits, dc, ac, ref predictor);
                    *block.At(column) = block.Plane.Flat((short)predictor);
                }
                else
                {
                    queue.Add(block.Plane, block.At(column), BlockReader.Read(ref bits, dc, ac, ref predictor, queue.Slot, block.Last));
                }
            }

            over = bits.GoesOn && bits.IsBeyondEnd;
        }

        (reader, isOver) = (bits, over);
    }

    // Units behind the end of a part are grey.
    private void PassUnit(int column)
    {
        foreach (var block in blocks)
        {
            if (block.IsWanted(column))
            {
                queue.Add(block.Plane, block.At(column), 0);
            }
        }
    }
}
