using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace TfRunner.Pictures.Jpeg;

/// <summary>Reads a block's coefficients in sequential coding. Source: ITU-T T.81, F.2.2.</summary>
internal static unsafe class BlockReader
{
    // Positions beyond the 64th are for runs in damaged data.
    private static readonly byte[] Positions = MakeZigZag();

    /// <summary>The position in a block, row by row, of each coefficient in the order of the file.</summary>
    public static ReadOnlySpan<byte> Order => Positions.AsSpan(0, 64);

    /// <summary><see cref="Order"/> for fast reading; damaged data may read up to 95.</summary>
    public static byte* ZigZag => (byte*)Unsafe.AsPointer(ref Positions[0]);

    /// <summary>Reads one block.</summary>
    /// <param name="reader">The bits.</param>
    /// <param name="dc">The table for the first coefficient.</param>
    /// <param name="ac">The table for the others.</param>
    /// <param name="predictor">The component's last first coefficient.</param>
    /// <param name="block">64 zeros, which receive the coefficients row by row.</param>
    /// <param name="last">The last coefficient of interest, 1 to 63; what comes after it is passed over.</param>
    /// <returns>The last coefficient that is not zero, up to 63.</returns>
    public static int Read(ref EntropyReader reader, HuffmanTable dc, HuffmanTable ac, ref int predictor, short* block, int last)
    {
        predictor += Difference(ref reader, dc);
        block[0] = (short)predictor;
        var found = 0;
        var k = 1;
        var zigZag = ZigZag;
        var table = ac.Fast;

        // Copied, so that they stay in registers.
        var (buffer, have) = (reader.Buffer, reader.Bits);
        var next = reader.Next;
        while (k <= last)
        {
            if (have < 32)
            {
                buffer |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(next)) >> have;
                next += (63 - have) >> 3;
                have |= 56;
            }

            var entry = table[buffer >> (64 - HuffmanTable.FastBits)];
            var length = entry & 31;
            if ((entry & HuffmanTable.HasValue) != 0)
            {
                k += (entry >> 8) & 15;
                found = k;
                block[zigZag[k++]] = (short)(entry >> 16);
                buffer <<= length;
                have -= length;
                continue;
            }

            var symbol = entry != 0 ? (entry >> 16) & 255 : ac.Find((int)(buffer >> 48), reader.GoesOn, out length);
            buffer <<= length;
            have -= length;
            var size = symbol & 15;
            if (size != 0)
            {
                k += symbol >> 4;
                found = k;
                var value = (int)(buffer >> (64 - size));
                block[zigZag[k++]] = (short)(value < 1 << (size - 1) ? value - (1 << size) + 1 : value);
                buffer <<= size;
                have -= size;
            }
            else if (symbol == 0xF0)
            {
                k += 16;
            }
            else
            {
                k = 64;
            }
        }

        (reader.Buffer, reader.Bits) = (buffer, have);
        reader.Next = next;
        if (k < 64)
        {
            PassRest(ref reader, ac, k);
        }

        return Math.Min(found, 63);
    }

    /// <summary>Reads a block's first coefficient and passes over the others.</summary>
    /// <param name="reader">The bits.</param>
    /// <param name="dc">The table for the first coefficient.</param>
    /// <param name="ac">The table for the others.</param>
    /// <param name="predictor">The component's last first coefficient; receives the block's.</param>
    public static void Pass(ref EntropyReader reader, HuffmanTable dc, HuffmanTable ac, ref int predictor)
    {
        predictor += Difference(ref reader, dc);
        PassRest(ref reader, ac, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PassRest(ref EntropyReader reader, HuffmanTable ac, int k)
    {
        var table = ac.Skip;
        var (buffer, have) = (reader.Buffer, reader.Bits);
        var next = reader.Next;
        while (true)
        {
            buffer |= BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(next)) >> have;
            next += (63 - have) >> 3;
            have |= 56;

            // Entries that end a block reach beyond it, and so do those that say nothing.
            int entry = table[buffer >> (64 - HuffmanTable.SkipBits)];
            var reach = k + (entry >> 4);
            if (reach < 64)
            {
                k = reach;
                buffer <<= entry & 15;
                have -= entry & 15;
                entry = table[buffer >> (64 - HuffmanTable.SkipBits)];
                reach = k + (entry >> 4);
                if (reach < 64)
                {
                    k = reach;
                    buffer <<= entry & 15;
                    have -= entry & 15;
                    continue;
                }
            }

            int length;
            if ((entry & HuffmanTable.EndsBlock) != 0 && reach < 128)
            {
                length = entry & 15;
                k = 64;
            }
            else
            {
                // At least 44 bits are at hand.
                entry = ac.Fast[buffer >> (64 - HuffmanTable.FastBits)];
                length = entry & 31;
                if ((entry & HuffmanTable.HasValue) != 0)
                {
                    k += ((entry >> 8) & 15) + 1;
                }
                else
                {
                    var symbol = entry != 0 ? (entry >> 16) & 255 : ac.Find((int)(buffer >> 48), reader.GoesOn, out length);
                    length += symbol & 15;
                    k += (symbol & 15) == 0 && symbol != 0xF0 ? 64 : (symbol >> 4) + 1;
                }
            }

            buffer <<= length;
            have -= length;
            if (k >= 64)
            {
                break;
            }
        }

        (reader.Buffer, reader.Bits) = (buffer, have);
        reader.Next = next;
    }

    /// <summary>Reads the difference between a first coefficient and the one before it.</summary>
    /// <param name="reader">The bits.</param>
    /// <param name="dc">The table.</param>
    /// <returns>The difference.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Difference(ref EntropyReader reader, HuffmanTable dc)
    {
        reader.BeginBlock();
        reader.Refill();
        var entry = dc.Fast[reader.Buffer >> (64 - HuffmanTable.FastBits)];
        if ((entry & HuffmanTable.HasValue) == 0)
        {
            return LongDifference(ref reader, dc);
        }

        reader.Buffer <<= entry & 31;
        reader.Bits -= entry & 31;
        return entry >> 16;
    }

    private static int LongDifference(ref EntropyReader reader, HuffmanTable dc)
    {
        var size = reader.Symbol(dc);
        return size == 0 ? 0 : size < 16 ? reader.Value(size) : throw new UnusualJpegException("a first coefficient is too large");
    }

    private static byte[] MakeZigZag()
    {
        var order = GC.AllocateArray<byte>(96, pinned: true);
        var (x, y) = (0, 0);
        for (var k = 0; k < 64; k++)
        {
            order[k] = (byte)((y * 8) + x);
            if ((x + y) % 2 == 0)
            {
                (x, y) = x == 7 ? (x, y + 1) : y == 0 ? (x + 1, y) : (x + 1, y - 1);
            }
            else
            {
                (x, y) = y == 7 ? (x + 1, y) : x == 0 ? (x, y + 1) : (x - 1, y + 1);
            }
        }

        order.AsSpan(64).Fill(63);
        return order;
    }
}
