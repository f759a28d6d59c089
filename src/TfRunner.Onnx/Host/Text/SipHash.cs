using System.Buffers.Binary;
using System.Numerics;

namespace TfRunner.Onnx.Host.Text;

/// <summary>SipHash-2-4 with a key (Aumasson and Bernstein), as in HighwayHash's SipHash that TensorFlow's "strong" hash uses.</summary>
internal static class SipHash
{
    /// <summary>Hashes bytes.</summary>
    /// <param name="k0">The key's first half.</param>
    /// <param name="k1">The key's second half.</param>
    /// <param name="s">The bytes.</param>
    /// <returns>64 bits.</returns>
    public static ulong Of(ulong k0, ulong k1, ReadOnlySpan<byte> s)
    {
        unchecked
        {
            var v0 = k0 ^ 0x736f6d6570736575;
            var v1 = k1 ^ 0x646f72616e646f6d;
            var v2 = k0 ^ 0x6c7967656e657261;
            var v3 = k1 ^ 0x7465646279746573;
            var whole = s.Length / 8 * 8;
            for (var at = 0; at < whole; at += 8)
            {
                Absorb(BinaryPrimitives.ReadUInt64LittleEndian(s[at..]), ref v0, ref v1, ref v2, ref v3);
            }

            var tail = (ulong)s.Length << 56;
            for (var i = whole; i < s.Length; i++)
            {
                tail |= (ulong)s[i] << (8 * (i - whole));
            }

            Absorb(tail, ref v0, ref v1, ref v2, ref v3);
            v2 ^= 0xff;
            for (var i = 0; i < 4; i++)
            {
                Round(ref v0, ref v1, ref v2, ref v3);
            }

            return v0 ^ v1 ^ v2 ^ v3;
        }
    }

    private static void Absorb(ulong m, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= m;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= m;
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        unchecked
        {
            v0 += v1;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v3;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
