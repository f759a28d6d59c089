namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>A Huffman table of a JPEG file (ITU-T T.81, annex C), as a lookup by the next 16 bits.</summary>
internal sealed class JpegHuffmanTable
{
    private readonly byte[] lengths = new byte[1 << 16];
    private readonly byte[] symbols = new byte[1 << 16];

    /// <summary>Makes the table.</summary>
    /// <param name="counts">How many codes there are of each length from 1 to 16.</param>
    /// <param name="values">The symbols in order of their codes.</param>
    public JpegHuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        var (code, used) = (0, 0);
        for (var length = 1; length <= 16; length++)
        {
            for (var i = 0; i < counts[length - 1] && used < values.Length; i++, code++, used++)
            {
                var first = code << (16 - length);
                var count = Math.Min(1 << (16 - length), (1 << 16) - first);
                if (count <= 0)
                {
                    return; // More codes than there can be: the file is damaged, and its codes are found out when they are met.
                }

                lengths.AsSpan(first, count).Fill((byte)length);
                symbols.AsSpan(first, count).Fill(values[used]);
            }

            code <<= 1;
        }
    }

    /// <summary>Reads a symbol.</summary>
    /// <param name="bits">Where from.</param>
    /// <returns>The symbol; 0 where no code fits, as the JPEG library goes on with damaged data.</returns>
    public int Read(JpegBits bits)
    {
        var next = bits.Peek16();
        var length = lengths[next];
        bits.Take(length == 0 ? 16 : length);
        return length == 0 ? 0 : symbols[next];
    }
}
