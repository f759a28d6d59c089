using System.Text;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Host.Text;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Strings cut into parts, joined by segments, hashed, encoded.</summary>
internal sealed class StringPartKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Substring, "Substr");

        // Hashes modulo num_buckets: FarmHash for Fast, MurmurHash for the first one, SipHash with the key attribute for Strong.
        registry.Add(static call => Numbers(call, s => (long)(Murmur64.Of(s) % (ulong)call.Attributes.Int("num_buckets"))), "StringToHashBucket");
        registry.Add(static call => Numbers(call, s => (long)(FarmHash64.Of(s) % (ulong)call.Attributes.Int("num_buckets"))), "StringToHashBucketFast");
        registry.Add(
            static call =>
            {
                var key = call.Attributes.Ints("key");
                var buckets = (ulong)call.Attributes.Int("num_buckets");
                Numbers(call, s => (long)(SipHash.Of((ulong)key[0], (ulong)key[1], s) % buckets));
            },
            "StringToHashBucketStrong");
        registry.Add(static call => Map(call, s => Base64(s, call.Attributes.Bool("pad"))), "EncodeBase64");
        registry.Add(static call => Map(call, s => FromBase64(call, s)), "DecodeBase64");
        registry.Add(Segments, "UnsortedSegmentJoin");
        registry.Add(Format, "StringFormat");
        registry.Add(Fingerprint, "Fingerprint");
    }

    private static void Map(HostCall call, Func<byte[], byte[]> function)
    {
        var x = call.Tensor(0);
        call.Output(TensorValue.FromStrings(Array.ConvertAll(x.Strings, s => function(s)), x.Dimensions));
    }

    private static void Numbers<T>(HostCall call, Func<byte[], T> function)
        where T : unmanaged
    {
        var x = call.Tensor(0);
        call.Output(TensorValue.From(Array.ConvertAll(x.Strings, s => function(s)), x.Dimensions));
    }

    private static bool IsStart(byte b) => (b & 0xC0) != 0x80;

    /// <summary>Substr: pos may be negative (from the end); len is cut at the end; units are bytes or UTF-8 characters.</summary>
    private static void Substring(HostCall call)
    {
        var x = call.Tensor(0);
        var (positions, lengths) = (call.Ints(1), call.Ints(2));
        var isCharacters = call.Attributes.Text("unit", "BYTE") == "UTF8_CHAR";
        var dims = Strides.Broadcast2(x.Dimensions, call.Tensor(1).Dimensions);
        var p = Strides.Positions(dims, Strides.Broadcast(x.Dimensions, dims));
        var q = Strides.Positions(dims, Strides.Broadcast(call.Tensor(1).Dimensions, dims));
        var result = new byte[p.Length][];
        for (var i = 0; i < result.Length; i++)
        {
            var s = x.Strings[p[i]];
            var starts = isCharacters ? Enumerable.Range(0, s.Length).Where(n => IsStart(s[n])).ToArray() : null;
            var count = starts?.Length ?? s.Length;
            var from = positions[q[i]] < 0 ? positions[q[i]] + count : positions[q[i]];
            if (from < 0 || from > count)
            {
                throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"pos {positions[q[i]]} out of range for string of length {count}"));
            }

            var to = Math.Min(count, from + lengths[q[i]]);
            int Place(long n) => starts is null ? (int)n : n < starts.Length ? starts[n] : s.Length;
            result[i] = s[Place(from)..Place(to)];
        }

        call.Output(TensorValue.FromStrings(result, dims));
    }

    private static byte[] Base64(byte[] s, bool pad)
    {
        var text = Convert.ToBase64String(s).Replace('+', '-').Replace('/', '_');
        return Encoding.ASCII.GetBytes(pad ? text : text.TrimEnd('='));
    }

    private static byte[] FromBase64(HostCall call, byte[] s)
    {
        var text = Encoding.Latin1.GetString(s).TrimEnd('=').Replace('-', '+').Replace('_', '/');
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw call.Node.Error(ErrorCode.InvalidArgument, "Invalid character found in base64.");
        }
    }

    private static void Segments(HostCall call)
    {
        var x = call.Tensor(0);
        var ids = call.Ints(1);
        var separator = Encoding.Latin1.GetString(call.Attributes.Bytes("separator"));
        var groups = new List<string>[call.Ints(2)[0]];
        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] >= 0)
            {
                (groups[ids[i]] ??= []).Add(Encoding.Latin1.GetString(x.Strings[i]));
            }
        }

        call.Output(TensorValue.FromStrings(Array.ConvertAll<List<string>, byte[]>(groups, g => g is null ? [] : Encoding.Latin1.GetBytes(string.Join(separator, g))), groups.Length));
    }

    private static void Format(HostCall call)
    {
        var (template, mark) = (call.Attributes.Text("template", "%s"), call.Attributes.Text("placeholder", "%s"));
        var summarize = (int)call.Attributes.Int("summarize", 3);
        var result = new StringBuilder();
        var at = 0;
        for (var i = 0; i < call.InputCount; i++)
        {
            var next = template.IndexOf(mark, at, StringComparison.Ordinal);
            result.Append(template, at, next - at).Append(TensorText.Of(call.Tensor(i), summarize));
            at = next + mark.Length;
        }

        call.Output(TensorValue.FromStrings([result.Append(template, at, template.Length - at).ToString()]));
    }

    /// <summary>Fingerprint: FarmHash of each row's bytes, as 8 bytes; strings are hashed one by one first.</summary>
    private static void Fingerprint(HostCall call)
    {
        var x = call.Tensor(0);
        var rows = x.Dimensions[0];
        var result = TensorValue.Allocate(DType.UInt8, rows, 8);
        for (var r = 0; r < rows; r++)
        {
            ulong hash;
            if (x.IsString)
            {
                var width = (int)(rows == 0 ? 0 : x.Length / rows);
                var hashes = new ulong[width];
                for (var i = 0; i < width; i++)
                {
                    hashes[i] = FarmHash64.Of(x.Strings[(r * width) + i]);
                }

                hash = width == 1 ? hashes[0] : FarmHash64.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(hashes));
            }
            else
            {
                var size = (int)(x.ByteLength / rows);
                hash = FarmHash64.Of(x.Bytes.Slice(r * size, size));
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(result.Bytes[(r * 8)..], hash);
        }

        call.Output(result);
    }
}
