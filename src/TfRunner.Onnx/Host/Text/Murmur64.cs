using System.Buffers.Binary;

namespace TfRunner.Onnx.Host.Text;

/// <summary>MurmurHash64A (Appleby, public domain) with TensorFlow's seed: the hash of the first StringToHashBucket.</summary>
internal static class Murmur64
{
    private const ulong Seed = 0xDECAFCAFFE;
    private const ulong Factor = 0xc6a4a7935bd1e995;

    /// <summary>Hashes bytes.</summary>
    /// <param name="s">The bytes.</param>
    /// <returns>The hash.</returns>
    public static ulong Of(ReadOnlySpan<byte> s)
    {
        unchecked
        {
            var h = Seed ^ ((ulong)s.Length * Factor);
            for (; s.Length >= 8; s = s[8..])
            {
                var k = BinaryPrimitives.ReadUInt64LittleEndian(s) * Factor;
                k = (k ^ (k >> 47)) * Factor;
                h = (h ^ k) * Factor;
            }

            if (s.Length > 0)
            {
                for (var i = 0; i < s.Length; i++)
                {
                    h ^= (ulong)s[i] << (8 * i);
                }

                h *= Factor;
            }

            h = (h ^ (h >> 47)) * Factor;
            return h ^ (h >> 47);
        }
    }
}
