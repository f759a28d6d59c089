using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace TfRunner.Pictures.Jpeg;

/// <summary>Bits of entropy-coded data without its stuffed bytes. Reading past <see cref="End"/> by up to <see cref="Padding"/> bytes gives whatever is there.</summary>
internal unsafe struct EntropyReader
{
    /// <summary>The most bytes that one block takes, and then some: the data must have as many after it.</summary>
    public const int Padding = 512;

    private const int Slack = 16;

    /// <summary>The bits at hand, from the highest on; the rest of the word may hold bits to come.</summary>
    public ulong Buffer;

    /// <summary>How many bits are at hand.</summary>
    public int Bits;

    /// <summary>What follows the bits at hand.</summary>
    public byte* Next;

    /// <summary>The end of the data.</summary>
    public byte* End;

    /// <summary>Whether reading goes on behind the end, where there are zeros; otherwise it is an error.</summary>
    public bool GoesOn;

    /// <summary>Whether bits were taken that are not there.</summary>
    public readonly bool IsBeyondEnd => ((End - Next) * 8) + Bits < 0;

    /// <summary>The bytes begun so far beyond <paramref name="start"/>.</summary>
    public readonly long Consumed(byte* start) => (((Next - start) * 8) - Bits + 7) / 8;

    /// <summary>Checks that a block may begin. One that begins a little behind the end is found out later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginBlock()
    {
        if (Next > End + Slack)
        {
            Return();
        }
    }

    /// <summary>Brings at least 56 bits to hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Refill()
    {
        Buffer |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(Next)) >> Bits;
        Next += (63 - Bits) >> 3;
        Bits |= 56;
    }

    /// <summary>Takes bits; at least as many are at hand, and at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take(int count)
    {
        var value = (int)(Buffer >> (64 - count));
        Buffer <<= count;
        Bits -= count;
        return value;
    }

    /// <summary>Takes one bit, refilling first.</summary>
    public int Bit()
    {
        Refill();
        return Take(1);
    }

    /// <summary>Takes a symbol, refilling first; at least 40 bits stay at hand.</summary>
    public int Symbol(HuffmanTable table)
    {
        Refill();
        var symbol = table.Find((int)(Buffer >> 48), GoesOn, out var length);
        Buffer <<= length;
        Bits -= length;
        return symbol;
    }

    /// <summary>Takes a signed value of 1 to 15 bits. Source: ITU-T T.81, figure F.12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Value(int size)
    {
        var value = Take(size);
        return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
    }

    // All bits at hand are zeros by now, as are those to come: the place does not matter.
    private void Return() => Next = GoesOn ? End + Slack : throw new UnusualJpegException("the data ends inside a block");
}
