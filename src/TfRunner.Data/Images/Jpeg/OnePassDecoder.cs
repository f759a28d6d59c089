namespace TfRunner.Data.Images.Jpeg;

/// <summary>Decodes a file whose one scan holds everything: samples come out while coefficients are read, and blocks that nobody reads are passed over.</summary>
internal static class OnePassDecoder
{
    /// <summary>Whether a scan is the only one that a frame needs.</summary>
    public static bool Takes(JpegFrame frame, JpegScan scan) => !frame.Progressive && scan.Components.SequenceEqual(frame.Components);

    /// <summary>Decodes the scan.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="scan">The scan.</param>
    /// <param name="data">The scan's data.</param>
    /// <param name="planes">One per component; those that are not written want no block.</param>
    /// <param name="writer">Where samples go.</param>
    public static unsafe void Run(JpegFrame frame, JpegScan scan, EntropyData data, ComponentPlane[] planes, RowWriter writer)
    {
        var size = planes[0].Size;
        using var queue = new BlockQueue(size);
        var last = ScaledTransform.Last(size);
        var predictors = stackalloc int[planes.Length];
        var part = 0;
        var reader = data.Open(0);
        var untilRestart = scan.RestartInterval;
        for (var row = 0; row < frame.UnitsDown; row++)
        {
            for (var column = 0; column < frame.UnitsAcross; column++)
            {
                if (scan.RestartInterval > 0 && untilRestart-- == 0)
                {
                    data.CheckEnd(reader, part);
                    reader = data.Open(++part);
                    new Span<int>(predictors, planes.Length).Clear();
                    untilRestart = scan.RestartInterval - 1;
                }

                for (var c = 0; c < planes.Length; c++)
                {
                    var plane = planes[c];
                    var (dc, ac) = (scan.Dc[c]!, scan.Ac[c]!);
                    for (var y = row * plane.Component.V; y < (row + 1) * plane.Component.V; y++)
                    {
                        for (var x = column * plane.Component.H; x < (column + 1) * plane.Component.H; x++)
                        {
                            if (plane.RowWanted[y] && plane.ColumnWanted[x])
                            {
                                var found = BlockReader.Read(ref reader, dc, ac, ref predictors[c], queue.Slot, last);
                                queue.Add(plane, plane.Block(y, x), found);
                            }
                            else
                            {
                                short nobody;
                                BlockReader.Read(ref reader, dc, ac, ref predictors[c], &nobody, 0);
                            }
                        }
                    }
                }
            }

            queue.Flush();
            writer.Write(row + 1);
        }

        data.CheckEnd(reader, part);
        if (part + 1 != data.Parts)
        {
            throw new UnusualJpegException("there is data left over");
        }
    }
}
