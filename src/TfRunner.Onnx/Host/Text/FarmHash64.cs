using System.Buffers.Binary;
using System.Numerics;

namespace TfRunner.Onnx.Host.Text;

/// <summary>
/// FarmHash's Fingerprint64 (the algorithm of farmhashna, published by Google), which TensorFlow's "fast" string hashes use.
/// Its results are fixed for all time and all machines.
/// </summary>
internal static class FarmHash64
{
    private const ulong K0 = 0xc3a5c85c97cb3127;
    private const ulong K1 = 0xb492b66fbe98f273;
    private const ulong K2 = 0x9ae16a3b2f90404f;

    /// <summary>Hashes bytes.</summary>
    /// <param name="s">The bytes.</param>
    /// <returns>64 bits.</returns>
    public static ulong Of(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            return s.Length switch
            {
                <= 16 => UpTo16(s),
                <= 32 => UpTo32(s),
                <= 64 => UpTo64(s),
                _ => Long(s),
            };
        }
    }

    /// <summary>Combines two fingerprints, as TensorFlow's FingerprintCat64.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other; the order matters.</param>
    /// <returns>The combined fingerprint.</returns>
    public static ulong Combine(ulong first, ulong second)
    {
        unchecked
        {
            const ulong factor = 0xc6a4a7935bd1e995;
            var result = ((first ^ factor) ^ (Mix(second * factor) * factor)) * factor;
            return Mix(Mix(result) * factor);
        }
    }

    private static ulong Word(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt64LittleEndian(s[at..]);

    private static ulong Half(ReadOnlySpan<byte> s, int at) => BinaryPrimitives.ReadUInt32LittleEndian(s[at..]);

    private static ulong Mix(ulong v) => v ^ (v >> 47);

    private static ulong Turn(ulong v, int by) => BitOperations.RotateRight(v, by);

    private static ulong Pair(ulong u, ulong v, ulong mul)
    {
        unchecked
        {
            var a = (u ^ v) * mul;
            a ^= a >> 47;
            var b = (v ^ a) * mul;
            b ^= b >> 47;
            return b * mul;
        }
    }

    private static ulong UpTo16(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            var n = (ulong)s.Length;
            if (n >= 8)
            {
                var mul = K2 + (n * 2);
                var a = Word(s, 0) + K2;
                var b = Word(s, s.Length - 8);
                var c = (Turn(b, 37) * mul) + a;
                var d = (Turn(a, 25) + b) * mul;
                return Pair(c, d, mul);
            }

            if (n >= 4)
            {
                var mul = K2 + (n * 2);
                return Pair(n + (Half(s, 0) << 3), Half(s, s.Length - 4), mul);
            }

            if (n > 0)
            {
                var y = s[0] + ((uint)s[s.Length >> 1] << 8);
                var z = (uint)s.Length + ((uint)s[^1] << 2);
                return Mix((y * K2) ^ (z * K0)) * K2;
            }

            return K2;
        }
    }

    private static ulong UpTo32(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            var mul = K2 + ((ulong)s.Length * 2);
            var a = Word(s, 0) * K1;
            var b = Word(s, 8);
            var c = Word(s, s.Length - 8) * mul;
            var d = Word(s, s.Length - 16) * K2;
            return Pair(Turn(a + b, 43) + Turn(c, 30) + d, a + Turn(b + K2, 18) + c, mul);
        }
    }

    private static ulong UpTo64(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            var mul = K2 + ((ulong)s.Length * 2);
            var a = Word(s, 0) * K2;
            var b = Word(s, 8);
            var c = Word(s, s.Length - 8) * mul;
            var d = Word(s, s.Length - 16) * K2;
            var y = Turn(a + b, 43) + Turn(c, 30) + d;
            var z = Pair(y, a + Turn(b + K2, 18) + c, mul);
            var e = Word(s, 16) * mul;
            var f = Word(s, 24);
            var g = (y + Word(s, s.Length - 32)) * mul;
            var h = (z + Word(s, s.Length - 24)) * mul;
            return Pair(Turn(e + f, 43) + Turn(g, 30) + h, e + Turn(f + a, 18) + g, mul);
        }
    }

    private static (ulong First, ulong Second) Weak(ReadOnlySpan<byte> s, int at, ulong a, ulong b)
    {
        unchecked
        {
            var (w, x, y, z) = (Word(s, at), Word(s, at + 8), Word(s, at + 16), Word(s, at + 24));
            a += w;
            b = Turn(b + a + z, 21);
            var c = a;
            a += x + y;
            b += Turn(a, 44);
            return (a + z, b + c);
        }
    }

    private static ulong Long(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            const ulong seed = 81;
            var x = seed;
            var y = (seed * K1) + 113;
            var z = Mix((y * K2) + 113) * K2;
            var v = (First: 0UL, Second: 0UL);
            var w = (First: 0UL, Second: 0UL);
            x = (x * K2) + Word(s, 0);
            var end = (s.Length - 1) / 64 * 64;
            var last = end + ((s.Length - 1) & 63) - 63;
            var at = 0;
            do
            {
                x = Turn(x + y + v.First + Word(s, at + 8), 37) * K1;
                y = Turn(y + v.Second + Word(s, at + 48), 42) * K1;
                x ^= w.Second;
                y += v.First + Word(s, at + 40);
                z = Turn(z + w.First, 33) * K1;
                v = Weak(s, at, v.Second * K1, x + w.First);
                w = Weak(s, at + 32, z + w.Second, y + Word(s, at + 16));
                (z, x) = (x, z);
                at += 64;
            }
            while (at != end);

            var mul = K1 + ((z & 0xff) << 1);
            at = last;
            w.First += (ulong)((s.Length - 1) & 63);
            v.First += w.First;
            w.First += v.First;
            x = Turn(x + y + v.First + Word(s, at + 8), 37) * mul;
            y = Turn(y + v.Second + Word(s, at + 48), 42) * mul;
            x ^= w.Second * 9;
            y += (v.First * 9) + Word(s, at + 40);
            z = Turn(z + w.First, 33) * mul;
            v = Weak(s, at, v.Second * mul, x + w.First);
            w = Weak(s, at + 32, z + w.Second, y + Word(s, at + 16));
            (z, x) = (x, z);
            return Pair(Pair(v.First, w.First, mul) + (Mix(y) * K0) + z, Pair(v.Second, w.Second, mul) + x, mul);
        }
    }
}
