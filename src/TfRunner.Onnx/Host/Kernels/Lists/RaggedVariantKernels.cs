using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Lists;

/// <summary>Ragged tensors as variants, so that loops can hold them, and back.</summary>
internal sealed class RaggedVariantKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(ToVariant, "RaggedTensorToVariant");
        registry.Add(FromVariant, "RaggedTensorFromVariant");
    }

    /// <summary>RaggedTensorToVariant: row splits of each level and the values as one variant; with batched_input as one per row.</summary>
    private static void ToVariant(HostCall call)
    {
        var levels = call.InputCount - 1;
        var splits = Enumerable.Range(0, levels).Select(call.Ints).ToArray();
        var values = call.Tensor(levels);
        if (!call.Attributes.Bool("batched_input"))
        {
            call.Output(new HostRagged(splits, values.Clone()));
            return;
        }

        var rows = levels > 0 ? splits[0].Length - 1 : values.Dimensions[0];
        call.Output(new HostVariants([.. Enumerable.Range(0, (int)rows).Select(r => Row(splits, values, r))]));
    }

    private static HostRagged Row(long[][] splits, TensorValue values, long row)
    {
        if (splits.Length == 0)
        {
            using var one = Rows(values, row, 1);
            return new([], ArrayMovement.Reshape(one, values.Dimensions[1..]));
        }

        var (from, to) = (splits[0][row], splits[0][row + 1]);
        var inner = new List<long[]>();
        foreach (var level in splits.Skip(1))
        {
            inner.Add([.. level[(int)from..(int)(to + 1)].Select(s => s - level[from])]);
            (from, to) = (level[from], level[to]);
        }

        return new(inner, Rows(values, from, to - from));
    }

    private static TensorValue Rows(TensorValue values, long first, long count) =>
        ArrayMovement.Slice(values, [first, .. new long[values.Rank - 1]], [count, .. values.Dimensions[1..]], [.. Enumerable.Repeat(1L, values.Rank)]);

    /// <summary>RaggedTensorFromVariant: row splits and values of a variant, or of a vector of them, whose components become rows.</summary>
    private static void FromVariant(HostCall call)
    {
        var levels = (int)call.Attributes.Int("output_ragged_rank");
        if (call.Object<object>(0) is HostRagged one)
        {
            Write(call, one.Splits, one.Values.Clone(), levels);
            return;
        }

        var parts = Array.ConvertAll(call.Object<HostVariants>(0).Items, static i => (HostRagged)i!);
        if (Array.Exists(parts, p => p.Splits.Count != levels - 1))
        {
            throw call.Invalid(FormattableString.Invariant($"encoded input RaggedTensors have another ragged rank than {levels - 1}"));
        }

        var splits = new List<long[]> { Sums(parts.Select(static p => p.Rows)) };
        for (var level = 0; level < levels - 1; level++)
        {
            splits.Add(Sums(parts.SelectMany(p => p.Splits[level].Zip(p.Splits[level].Skip(1), static (a, b) => b - a))));
        }

        Write(call, splits, parts.Length == 0 ? TensorValue.Zeros(call.OutputType(levels), 0) : ArrayMovement.Concat([.. parts.Select(static p => p.Values)], 0), levels);
    }

    private static long[] Sums(IEnumerable<long> lengths)
    {
        var sums = new List<long> { 0 };
        foreach (var length in lengths)
        {
            sums.Add(sums[^1] + length);
        }

        return [.. sums];
    }

    private static void Write(HostCall call, IReadOnlyList<long[]> splits, TensorValue values, int levels)
    {
        if (splits.Count != levels)
        {
            throw call.Invalid(FormattableString.Invariant($"the variant has ragged rank {splits.Count}, not {levels}"));
        }

        for (var level = 0; level < levels; level++)
        {
            call.Output(level, splits[level], splits[level].Length);
        }

        call.Output(levels, values);
    }
}
