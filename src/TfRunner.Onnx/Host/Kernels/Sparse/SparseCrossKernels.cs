using System.Globalization;
using System.Text;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Host.Text;

namespace TfRunner.Onnx.Host.Kernels.Sparse;

/// <summary>
/// Crossed features: for every row all combinations of one value per column, the last column varying fastest; joined as
/// text, or hashed by FarmHash's fingerprints (SparseCross, SparseCrossHashed).
/// </summary>
internal sealed class SparseCrossKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(First, "SparseCross");
        registry.Add(
            static call => Cross(call, call.InputCount - 1, static (c, row) => TensorValue.FromStrings(
                [.. row.Select(cells => Encoding.Latin1.GetBytes(string.Join(Encoding.Latin1.GetString(c.Tensor(c.InputCount - 1).Strings[0]), cells.Select(static x => x.Text))))], row.Count)),
            "SparseCrossV2");
        registry.Add(Hashed, "SparseCrossHashed");
    }

    /// <summary>SparseCross: text joined by _X_, or with hashed_output fingerprints combined under hash_key, modulo num_buckets.</summary>
    private static void First(HostCall call)
    {
        var isHashed = call.Attributes.Bool("hashed_output");
        var buckets = (ulong)call.Attributes.Int("num_buckets");
        var key = (ulong)call.Attributes.Int("hash_key");
        Cross(call, call.InputCount, (_, rows) => isHashed
            ? TensorValue.From(rows.ConvertAll(cells => Bucket(cells.Aggregate(key, static (h, c) => FarmHash64.Combine(h, c.Fingerprint)), buckets, long.MaxValue)).ToArray(), rows.Count)
            : TensorValue.FromStrings([.. rows.Select(static cells => Encoding.Latin1.GetBytes(string.Join("_X_", cells.Select(static c => c.Text))))], rows.Count));
    }

    /// <summary>SparseCrossHashed: num_buckets, strong_hash and salt follow the columns.</summary>
    private static void Hashed(HostCall call)
    {
        var n = call.InputCount - 3;
        var buckets = (ulong)call.Int(n);
        var isStrong = call.Ints(n + 1)[0] != 0;
        var salt = call.Ints(n + 2);
        if (isStrong)
        {
            throw call.Node.Error(ErrorCode.Unimplemented, "no host kernel with strong_hash");
        }

        var start = FarmHash64.Combine((ulong)salt[0], (ulong)salt[1]);
        Cross(call, n, (_, rows) =>
            TensorValue.From(rows.ConvertAll(cells => Bucket(cells.Aggregate(start, static (h, c) => FarmHash64.Combine(h, c.Fingerprint)), buckets, long.MaxValue)).ToArray(), rows.Count));
    }

    private static long Bucket(ulong hash, ulong buckets, long most) => (long)(buckets > 0 ? hash % buckets : hash % (ulong)most);

    /// <summary>Reads n sparse columns (indices, values, shapes), then dense ones, and writes the crossed sparse tensor.</summary>
    private static void Cross(HostCall call, int end, Func<HostCall, List<CrossedValue[]>, TensorValue> values)
    {
        var n = (int)call.Attributes.Int("N");
        var columns = new List<ILookup<long, CrossedValue>>();
        var rows = n > 0 ? call.Ints(2 * n)[0] : call.Tensor(0).Dimensions[0];
        for (var c = 0; c < n; c++)
        {
            var indices = call.Ints(c);
            var source = call.Tensor(n + c);
            columns.Add(Enumerable.Range(0, (int)source.Length).ToLookup(i => indices[2 * i], i => Value(source, i)));
        }

        for (var input = 3 * n; input < end && call.Tensor(input).Rank == 2; input++)
        {
            var dense = call.Tensor(input);
            columns.Add(Enumerable.Range(0, (int)dense.Length).ToLookup(i => i / dense.Dimensions[1], i => Value(dense, i)));
        }

        var indicesOut = new List<long>();
        var crossed = new List<CrossedValue[]>();
        var widest = 0L;
        for (var row = 0L; row < rows; row++)
        {
            IEnumerable<CrossedValue[]> combinations = [[]];
            foreach (var column in columns)
            {
                var own = column[row].ToArray();
                combinations = combinations.SelectMany(before => own.Select(v => (CrossedValue[])[.. before, v]));
            }

            var count = 0L;
            foreach (var combination in combinations)
            {
                indicesOut.AddRange([row, count++]);
                crossed.Add(combination);
            }

            widest = Math.Max(widest, count);
        }

        call.Output(0, indicesOut.ToArray(), crossed.Count, 2);
        call.Output(1, values(call, crossed));
        call.Output(2, [rows, widest], 2);
    }

    private static CrossedValue Value(TensorValue x, int i)
    {
        if (x.IsString)
        {
            return new(Encoding.Latin1.GetString(x.Strings[i]), FarmHash64.Of(x.Strings[i]));
        }

        var number = x.DType == DType.Int64 ? x.AsSpan<long>()[i] : ArrayCast.ToLongs(x)[i];
        return new(number.ToString(CultureInfo.InvariantCulture), (ulong)number);
    }

    /// <summary>One value as text and as what is hashed: a string's fingerprint, or the number itself.</summary>
    private readonly record struct CrossedValue(string Text, ulong Fingerprint);
}
