using System.Numerics;
using System.Runtime.InteropServices;

namespace TfRunner.Checkpoints;

/// <summary>
/// CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4), and the mask that LevelDB-style formats put over stored values.
/// </summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>The unmasked checksum.</returns>
    public static uint Compute(ReadOnlySpan<byte> data) => Extend(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> covers followed by <paramref name="data"/>.</summary>
    /// <param name="crc">The unmasked checksum so far; 0 for none.</param>
    /// <param name="data">The further bytes.</param>
    /// <returns>The unmasked checksum.</returns>
    public static uint Extend(uint crc, ReadOnlySpan<byte> data)
    {
        var state = ~crc;
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (var word in words)
        {
            state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryReverse(word));
        }

        foreach (var b in data[(words.Length * sizeof(ulong))..])
        {
            state = BitOperations.Crc32C(state, b);
        }

        return ~state;
    }

    /// <summary>The checksum of native memory, which may be longer than a span.</summary>
    /// <param name="data">The first byte.</param>
    /// <param name="length">The number of bytes.</param>
    /// <returns>The unmasked checksum.</returns>
    public static unsafe uint Compute(byte* data, long length)
    {
        const int Step = 1 << 30;
        var crc = 0u;
        for (var done = 0L; done < length; done += Step)
        {
            crc = Extend(crc, new(data + done, (int)Math.Min(Step, length - done)));
        }

        return crc;
    }

    /// <summary>The form in which files store a checksum, so that checksums over checksums stay strong.</summary>
    /// <param name="crc">The unmasked checksum.</param>
    /// <returns>The stored form.</returns>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + MaskDelta;

    private static ulong BinaryReverse(ulong word) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
}
