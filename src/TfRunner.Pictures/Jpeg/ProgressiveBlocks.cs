namespace TfRunner.Pictures.Jpeg;

/// <summary>Reads what one scan of progressive coding says about blocks. Source: ITU-T T.81, annex G.</summary>
internal sealed unsafe class ProgressiveBlocks(JpegScan scan)
{
    private int endOfBand;

    /// <summary>Forgets what was said about blocks to come, at a restart.</summary>
    public void Restart() => endOfBand = 0;

    /// <summary>Reads a first coefficient, or one more bit of it.</summary>
    public void ReadDc(ref EntropyReader reader, HuffmanTable? table, ref int predictor, short* block)
    {
        if (scan.High == 0)
        {
            predictor += BlockReader.Difference(ref reader, table ?? throw Missing());
            block[0] = (short)(predictor << scan.Low);
        }
        else if (reader.Bit() == 1)
        {
            block[0] |= (short)(1 << scan.Low);
        }
    }

    /// <summary>Reads a band of the other coefficients, or one more bit of each.</summary>
    public void ReadAc(ref EntropyReader reader, HuffmanTable? table, short* block)
    {
        if (scan.High == 0)
        {
            ReadFirst(ref reader, table ?? throw Missing(), block);
        }
        else
        {
            Refine(ref reader, table ?? throw Missing(), block);
        }
    }

    private static UnusualJpegException Missing() => new("a Huffman table is missing");

    private void ReadFirst(ref EntropyReader reader, HuffmanTable table, short* block)
    {
        if (endOfBand > 0)
        {
            endOfBand--;
            return;
        }

        for (var k = scan.First; k <= scan.Last; k++)
        {
            var symbol = reader.Symbol(table);
            var (run, size) = (symbol >> 4, symbol & 15);
            if (size != 0)
            {
                k += run;
                block[BlockReader.ZigZag[k]] = (short)(reader.Value(size) << scan.Low);
            }
            else if (run == 15)
            {
                k += 15;
            }
            else
            {
                endOfBand = (1 << run) - 1 + (run > 0 ? reader.Take(run) : 0);
                return;
            }
        }
    }

    private void Refine(ref EntropyReader reader, HuffmanTable table, short* block)
    {
        var bit = (short)(1 << scan.Low);
        var k = scan.First;
        if (endOfBand == 0)
        {
            for (; k <= scan.Last; k++)
            {
                var symbol = reader.Symbol(table);
                var run = symbol >> 4;
                short value = 0;
                if ((symbol & 15) != 0)
                {
                    value = reader.Bit() == 1 ? bit : (short)-bit;
                }
                else if (run < 15)
                {
                    endOfBand = (1 << run) + (run > 0 ? reader.Take(run) : 0);
                    break;
                }

                // Passes over so many coefficients that are still zero, and refines the others on the way.
                for (; k <= scan.Last; k++)
                {
                    var at = block + BlockReader.ZigZag[k];
                    if (*at != 0)
                    {
                        RefineOne(ref reader, at, bit);
                    }
                    else if (run-- == 0)
                    {
                        break;
                    }
                }

                if (value != 0 && k <= scan.Last)
                {
                    block[BlockReader.ZigZag[k]] = value;
                }
            }
        }

        if (endOfBand > 0)
        {
            for (; k <= scan.Last; k++)
            {
                var at = block + BlockReader.ZigZag[k];
                if (*at != 0)
                {
                    RefineOne(ref reader, at, bit);
                }
            }

            endOfBand--;
        }
    }

    private static void RefineOne(ref EntropyReader reader, short* at, short bit)
    {
        if (reader.Bit() == 1 && (*at & bit) == 0)
        {
            *at += *at > 0 ? bit : (short)-bit;
        }
    }
}
