using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Checkpoints;

/// <summary>
/// The index key under which one slice of a partitioned variable is stored: the number 0, the name, the rank, and start
/// and length of each dimension, in an encoding that sorts as the values do (OrderedCode of TensorFlow's lib/strings).
/// </summary>
internal static class SliceKey
{
    /// <summary>Writes the key, one character per byte.</summary>
    /// <param name="name">The variable's checkpoint key.</param>
    /// <param name="slice">The slice.</param>
    /// <returns>The key.</returns>
    public static string Of(string name, TensorSliceProto slice)
    {
        var bytes = new List<byte>(name.Length + 32);
        WriteNumber(bytes, 0);
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            bytes.Add(b);
            if (b is 0x00 or 0xff)
            {
                bytes.Add((byte)~b);
            }
        }

        bytes.Add(0x00);
        bytes.Add(0x01);
        WriteNumber(bytes, (ulong)slice.Extent.Count);
        foreach (var extent in slice.Extent)
        {
            var isFull = extent.HasLengthHackCase == TensorSliceProto.Types.Extent.HasLengthHackOneofCase.None;
            WriteSigned(bytes, isFull ? 0 : extent.Start);
            WriteSigned(bytes, isFull ? -1 : extent.Length);
        }

        return Encoding.Latin1.GetString([.. bytes]);
    }

    private static void WriteNumber(List<byte> bytes, ulong value)
    {
        var length = (64 - BitOperations.LeadingZeroCount(value) + 7) / 8;
        bytes.Add((byte)length);
        for (var i = length - 1; i >= 0; i--)
        {
            bytes.Add((byte)(value >> (8 * i)));
        }
    }

    // The number of leading one bits says how many bytes follow; negative numbers are the complement.
    private static void WriteSigned(List<byte> bytes, long value)
    {
        var magnitude = (ulong)(value < 0 ? ~value : value);
        if (magnitude < 64)
        {
            bytes.Add((byte)(0x80 ^ value));
            return;
        }

        Span<byte> buffer = stackalloc byte[10];
        buffer.Fill(value < 0 ? (byte)0xff : (byte)0);
        BinaryPrimitives.WriteInt64BigEndian(buffer[2..], value);
        var bits = 64 - BitOperations.LeadingZeroCount(magnitude);
        var length = (bits / 7) + 1;
        var encoded = buffer[^length..];
        var header = (0xffff << (16 - length)) & 0xffff;
        encoded[0] ^= (byte)(header >> 8);
        encoded[1] ^= (byte)header;
        bytes.AddRange(encoded);
    }
}
