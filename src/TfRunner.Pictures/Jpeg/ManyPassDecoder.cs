namespace TfRunner.Pictures.Jpeg;

/// <summary>Decodes files of several scans: progressive ones, and those with a scan per component. Coefficients are gathered first.</summary>
internal sealed unsafe class ManyPassDecoder : IDisposable
{
    private readonly JpegFrame frame;
    private readonly StoredCoefficients[] stores;

    public ManyPassDecoder(JpegFrame frame)
    {
        this.frame = frame;
        stores = Array.ConvertAll(frame.Components, c => new StoredCoefficients(frame, c));
    }

    /// <summary>Takes in one scan.</summary>
    public void Read(JpegScan scan, EntropyData data)
    {
        var own = Array.ConvertAll(scan.Components, c => stores[Array.IndexOf(frame.Components, c)]);
        var blocks = new ProgressiveBlocks(scan);
        var predictors = stackalloc int[own.Length];
        var isOver = false;
        var reader = data.First();

        // A scan of one component holds no blocks that only fill up units.
        var lone = own.Length == 1;
        var across = lone ? scan.Components[0].BlocksAcross : frame.UnitsAcross;
        var down = lone ? scan.Components[0].BlocksDown : frame.UnitsDown;
        var untilRestart = scan.RestartInterval;
        for (var row = 0; row < down; row++)
        {
            for (var column = 0; column < across; column++)
            {
                if (scan.RestartInterval > 0 && untilRestart-- == 0)
                {
                    isOver &= !data.Restart(ref reader);
                    blocks.Restart();
                    new Span<int>(predictors, own.Length).Clear();
                    untilRestart = scan.RestartInterval - 1;
                }

                // Units behind the end of a part stay as they are.
                for (var c = 0; c < own.Length && !isOver; c++)
                {
                    var (h, v) = lone ? (1, 1) : (scan.Components[c].H, scan.Components[c].V);
                    for (var i = 0; i < h * v; i++)
                    {
                        Read(scan, c, blocks, ref reader, ref predictors[c], own[c].Block((row * v) + (i / h), (column * h) + (i % h)));
                    }
                }

                isOver |= reader.IsBeyondEnd;
            }
        }

        data.CheckEnd(reader);
    }

    /// <summary>Turns the coefficients into samples.</summary>
    /// <param name="planes">One per component; those that are not written want no block.</param>
    /// <param name="writer">Where samples go.</param>
    public void Write(ComponentPlane[] planes, RowWriter writer)
    {
        using var queue = new BlockQueue();
        for (var row = 0; row < frame.UnitsDown; row++)
        {
            for (var c = 0; c < planes.Length; c++)
            {
                var plane = planes[c];
                for (var y = row * plane.Component.V; y < (row + 1) * plane.Component.V; y++)
                {
                    var to = plane.Row(y * plane.Size);
                    for (var x = 0; plane.RowWanted[y] && x < plane.BlocksAcross; x++)
                    {
                        if (plane.ColumnWanted[x])
                        {
                            queue.Add(plane, to + (x * plane.Size), stores[c].Block(y, x));
                        }
                    }
                }
            }

            queue.Flush();
            writer.Write(row + 1);
        }
    }

    public void Dispose()
    {
        foreach (var store in stores)
        {
            store.Dispose();
        }
    }

    private void Read(JpegScan scan, int component, ProgressiveBlocks blocks, ref EntropyReader reader, ref int predictor, short* block)
    {
        reader.BeginBlock();
        if (!frame.Progressive)
        {
            BlockReader.Read(ref reader, scan.Dc[component]!, scan.Ac[component]!, ref predictor, block, 63);
        }
        else if (scan.First == 0)
        {
            blocks.ReadDc(ref reader, scan.Dc[component], ref predictor, block);
        }
        else
        {
            blocks.ReadAc(ref reader, scan.Ac[component], block);
        }
    }
}
