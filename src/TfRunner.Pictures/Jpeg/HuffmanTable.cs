namespace TfRunner.Pictures.Jpeg;

/// <summary>A Huffman table with look-ups by the next bits. Source: ITU-T T.81, annex C and F.2.2.3.</summary>
internal sealed unsafe class HuffmanTable
{
    /// <summary>The bits that <see cref="Fast"/> is indexed by.</summary>
    public const int FastBits = 10;

    /// <summary>The bits that <see cref="Skip"/> is indexed by.</summary>
    public const int SkipBits = 12;

    /// <summary>Set in an entry of <see cref="Fast"/> that holds a coefficient's value.</summary>
    public const int HasValue = 1 << 15;

    /// <summary>Set in an entry of <see cref="Skip"/> that ends a block.</summary>
    public const int EndsBlock = 1 << 10;

    private readonly int[] fast = GC.AllocateArray<int>(1 << FastBits, pinned: true);
    private readonly byte[] symbols;
    private readonly int[] limits = new int[18];
    private readonly int[] offsets = new int[17];
    private ushort[]? skip;

    /// <summary>Makes a table.</summary>
    /// <param name="counts">The number of codes of 1 to 16 bits.</param>
    /// <param name="symbols">The symbols by ascending code, at most 256.</param>
    public HuffmanTable(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        this.symbols = symbols.ToArray();
        var code = 0;
        var at = 0;
        for (var length = 1; length <= 16; length++)
        {
            offsets[length] = at - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, at++)
            {
                if (code >= 1 << length)
                {
                    throw new UnusualJpegException("a Huffman table has too many codes");
                }

                Enter(code, length, symbols[at]);
            }

            limits[length] = code << (16 - length);
            code <<= 1;
        }

        limits[17] = int.MaxValue;
    }

    /// <summary>By the next <see cref="FastBits"/> bits. 0: the code is longer. With <see cref="HasValue"/>: the coefficient's value in the upper
    /// 16 bits, the run of zeros before it in bits 8 to 11, and the length of code and value in bits 0 to 4. Otherwise the symbol from bit 16
    /// on, and the code's length in bits 0 to 4.</summary>
    public int* Fast => (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref fast[0]);

    /// <summary>By the next <see cref="SkipBits"/> bits: as many whole coefficients as fit. Their length in bits 0 to 3, how far
    /// they reach in bits 4 to 9, which is 63 where none fits, and <see cref="EndsBlock"/>.</summary>
    public ushort* Skip
    {
        get
        {
            skip ??= MakeSkip();
            return (ushort*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref skip[0]);
        }
    }

    /// <summary>Finds a code that is too long for <see cref="Fast"/>.</summary>
    /// <param name="next">The next 16 bits.</param>
    /// <param name="goesOn">Whether a code that is not there counts as 17 bits that mean 0, as libjpeg has it; otherwise it is an error.</param>
    /// <param name="length">Receives its length.</param>
    /// <returns>The symbol.</returns>
    public int Find(int next, bool goesOn, out int length)
    {
        length = 1;
        while (next >= limits[length])
        {
            length++;
        }

        var at = length > 16 ? -1 : (next >> (16 - length)) + offsets[length];
        return (uint)at < (uint)symbols.Length ? symbols[at] : goesOn ? 0 : throw new UnusualJpegException("a code is in no Huffman table");
    }

    private void Enter(int code, int length, int symbol)
    {
        if (length > FastBits)
        {
            return;
        }

        var free = FastBits - length;
        var size = symbol & 15;
        for (var rest = 0; rest < 1 << free; rest++)
        {
            var entry = (symbol << 16) | length;
            if (size > 0 && size <= free)
            {
                var bits = rest >> (free - size);
                var value = bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
                entry = (value << 16) | HasValue | ((symbol >> 4) << 8) | (length + size);
            }

            fast[(code << free) | rest] = entry;
        }
    }

    private ushort[] MakeSkip()
    {
        var table = GC.AllocateArray<ushort>(1 << SkipBits, pinned: true);
        for (var index = 0; index < table.Length; index++)
        {
            var used = 0;
            var reach = 0;
            var ends = 0;
            while (ends == 0 && Step((index << (16 - SkipBits + used)) & 0xFFFF, SkipBits - used) is (var length, var run) && reach + run < 64)
            {
                used += length;
                reach += run;
                ends = run == 0 ? EndsBlock : 0;
            }

            table[index] = (ushort)(used == 0 ? 63 << 4 : used | (reach << 4) | ends);
        }

        return table;
    }

    // One coefficient's length and reach, when its code and value are in the bits at hand; no reach at a block's end.
    private (int Length, int Reach)? Step(int next, int available)
    {
        var entry = fast[next >> (16 - FastBits)];
        int length;
        int reach;
        if ((entry & HasValue) != 0)
        {
            length = entry & 31;
            reach = ((entry >> 8) & 15) + 1;
        }
        else if (entry != 0)
        {
            var symbol = (entry >> 16) & 255;
            length = (entry & 31) + (symbol & 15);
            reach = (symbol & 15) != 0 ? (symbol >> 4) + 1 : symbol == 0xF0 ? 16 : 0;
        }
        else
        {
            return null;
        }

        return length <= available ? (length, reach) : null;
    }
}
