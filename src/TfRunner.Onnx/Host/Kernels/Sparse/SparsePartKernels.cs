using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Sparse;

/// <summary>Sparse tensors taken apart, and summed to sparse tensors.</summary>
internal sealed class SparsePartKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Split, "SparseSplit");
        registry.Add(Sum, "SparseReduceSumSparse");
    }

    /// <summary>SparseSplit: split_dim, indices, values, shape: num_split parts along an axis, of which the first have the elements that are over.</summary>
    private static void Split(HostCall call)
    {
        var (indices, values, shape) = (call.Ints(1), call.Tensor(2), call.Ints(3));
        var rank = shape.Length;
        var axis = (int)call.Int(0);
        axis = axis < 0 ? axis + rank : axis;
        var count = call.OutputCount / 3;
        var (width, over) = (shape[axis] / count, shape[axis] % count);
        var start = 0L;
        for (var part = 0; part < count; part++)
        {
            var own = width + (part < over ? 1 : 0);
            var from = start;
            var chosen = Enumerable.Range(0, (int)values.Length).Where(i => indices[(i * rank) + axis] >= from && indices[(i * rank) + axis] < from + own).Select(static i => (long)i).ToArray();
            call.Output(part, [.. chosen.SelectMany(i => Enumerable.Range(0, rank).Select(a => indices[(i * rank) + a] - (a == axis ? from : 0)))], chosen.Length, rank);
            call.Output(count + part, ArrayMovement.Take(values, [chosen.Length], chosen));
            call.Output((2 * count) + part, [.. shape.Select((d, a) => a == axis ? own : d)], rank);
            start += own;
        }
    }

    /// <summary>SparseReduceSumSparse: sums over axes, of which none means all, at the places that have elements.</summary>
    private static void Sum(HostCall call)
    {
        var (indices, values, shape) = (call.Ints(0), call.Doubles(1), call.Ints(2));
        var rank = shape.Length;
        var reduced = call.Ints(3).Select(a => a < 0 ? a + rank : a).ToHashSet();
        bool IsReduced(int axis) => reduced.Count == 0 || reduced.Contains(axis);
        var keeps = call.Attributes.Bool("keep_dims");
        var axes = Enumerable.Range(0, rank).Where(a => keeps || !IsReduced(a)).ToArray();
        long[] dims = [.. axes.Select(a => IsReduced(a) ? 1 : shape[a])];
        var strides = Strides.Of(dims);
        var sums = new SortedDictionary<long, double>();
        for (var i = 0; i < values.Length; i++)
        {
            var place = axes.Select((a, k) => IsReduced(a) ? 0 : indices[(i * rank) + a] * strides[k]).Sum();
            sums[place] = sums.GetValueOrDefault(place) + values[i];
        }

        call.Output(0, [.. sums.Keys.SelectMany(p => dims.Select((d, k) => p / strides[k] % d))], sums.Count, dims.Length);
        call.Output(1, [.. sums.Values], sums.Count);
        call.Output(2, dims, dims.Length);
    }
}
