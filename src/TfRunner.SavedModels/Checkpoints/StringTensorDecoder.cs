using System.Buffers.Binary;
using TfRunner.Files;

namespace TfRunner.Checkpoints;

/// <summary>
/// Decodes a string tensor of a shard: the elements' lengths as varints, the masked CRC-32C of the lengths as fixed32, the
/// bytes. Checksums cover each length as a fixed32 (fixed64 from 2^32 on), then the stored checksum, then the bytes.
/// </summary>
internal static class StringTensorDecoder
{
    /// <summary>Decodes the elements.</summary>
    /// <param name="path">The shard, for messages.</param>
    /// <param name="offset">Where the tensor starts in it.</param>
    /// <param name="data">The tensor's bytes.</param>
    /// <param name="count">The number of elements; no more than there are bytes.</param>
    /// <param name="isBigEndian">Whether the bundle is big-endian.</param>
    /// <param name="crc">The unmasked checksum of the whole tensor.</param>
    /// <returns>The elements.</returns>
    /// <exception cref="TfRunnerException">DataLoss, naming file and offset.</exception>
    public static byte[][] Decode(string path, long offset, ReadOnlySpan<byte> data, long count, bool isBigEndian, out uint crc)
    {
        if (count > data.Length)
        {
            throw FileErrors.Damaged(path, offset, FormattableString.Invariant($"{count} strings do not fit {data.Length} bytes"));
        }

        var lengths = new int[count];
        var position = 0;
        var total = 0L;
        crc = 0;
        Span<byte> raw = stackalloc byte[sizeof(uint)];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (!Varint.TryRead(data, ref position, out var length) || length > (ulong)data.Length)
            {
                throw FileErrors.Damaged(path, offset + position, "the length of a string cannot be read");
            }

            lengths[i] = (int)length;
            total += lengths[i];
            Write(raw, (uint)length, isBigEndian);
            crc = Crc32C.Extend(crc, raw);
        }

        if (position + sizeof(uint) + total != data.Length)
        {
            throw FileErrors.Damaged(path, offset, "the lengths of the strings do not add up to the tensor's size");
        }

        var stored = BinaryPrimitives.ReadUInt32LittleEndian(data[position..]);
        if (Crc32C.Mask(crc) != stored)
        {
            throw FileErrors.Damaged(path, offset + position, "the checksum of the strings' lengths does not match");
        }

        Write(raw, stored, isBigEndian);
        position += sizeof(uint);
        crc = Crc32C.Extend(Crc32C.Extend(crc, raw), data[position..]);
        var elements = new byte[lengths.Length][];
        for (var i = 0; i < lengths.Length; i++)
        {
            elements[i] = lengths[i] == 0 ? [] : data.Slice(position, lengths[i]).ToArray();
            position += lengths[i];
        }

        return elements;
    }

    private static void Write(Span<byte> target, uint value, bool isBigEndian)
    {
        if (isBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, value);
        }
    }
}
