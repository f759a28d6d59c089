using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Elements and slices taken from, and written to, places that indices name.</summary>
internal sealed class ScatterKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(GatherNd, "GatherNd");
        registry.Add(ScatterNd, "ScatterNd");
        registry.Add(static call => Scatter(call, call.Tensor(0), null), "TensorScatterUpdate");
        registry.Add(static call => Scatter(call, call.Tensor(0), "Add"), "TensorScatterAdd", "ScatterNdNonAliasingAdd");
        registry.Add(static call => Scatter(call, call.Tensor(0), "Sub"), "TensorScatterSub");
        registry.Add(static call => Scatter(call, call.Tensor(0), "Max"), "TensorScatterMax");
        registry.Add(static call => Scatter(call, call.Tensor(0), "Min"), "TensorScatterMin");
        registry.Add(Stitch, "DynamicStitch", "ParallelDynamicStitch");
        registry.Add(Partition, "DynamicPartition");
        registry.Add(InvertPermutation, "InvertPermutation");
        registry.Add(static call => Rows(call, null), "InplaceUpdate");
        registry.Add(static call => Rows(call, "Add"), "InplaceAdd");
        registry.Add(static call => Rows(call, "Sub"), "InplaceSub");
        registry.Add(OneHot, "OneHot");
    }

    /// <summary>Where the slice that a row of indices addresses starts; what is out of range is an error.</summary>
    private static long Start(HostCall call, ReadOnlySpan<long> dims, ReadOnlySpan<long> strides, ReadOnlySpan<long> index)
    {
        var start = 0L;
        for (var axis = 0; axis < index.Length; axis++)
        {
            if (index[axis] < 0 || index[axis] >= dims[axis])
            {
                throw call.Invalid(FormattableString.Invariant($"indices [{string.Join(",", index.ToArray())}] do not index into shape {TensorShape.Format(dims)}"));
            }

            start += index[axis] * strides[axis];
        }

        return start;
    }

    /// <summary>GatherNd: indices [..., k] address the first k axes behind the batch dimensions.</summary>
    private static void GatherNd(HostCall call)
    {
        var (x, indices) = (call.Tensor(0), call.Tensor(1));
        var values = call.Ints(1);
        var batch = (int)call.Attributes.Int("batch_dims");
        var depth = (int)indices.Dimensions[^1];
        var dims = x.Dimensions[batch..];
        var strides = Strides.Of(dims);
        var run = Strides.Count(dims[depth..]);
        long[] shape = [.. indices.Dimensions[..^1], .. dims[depth..]];
        var result = TensorValue.Zeros(x.DType, shape);
        var count = Strides.Count(indices.Dimensions[..^1]);
        var batches = Strides.Count(x.Dimensions[..batch]);
        for (var i = 0L; i < count; i++)
        {
            var first = batches == 0 ? 0 : i / (count / batches) * Strides.Count(dims);
            var start = Start(call, dims, strides, values.AsSpan((int)(i * depth), depth));
            ArrayMovement.CopyElements(x, first + start, result, i * run, run);
        }

        call.Output(result);
    }

    /// <summary>ScatterNd: zeros of the given shape, to which the updates are added; equal indices sum.</summary>
    private static void ScatterNd(HostCall call)
    {
        using var zeros = TensorValue.Zeros(call.Tensor(1).DType, call.Ints(2));
        Write(call, zeros, call.Tensor(0), call.Tensor(1), call.Tensor(1).IsString || call.Tensor(1).DType == DType.Bool ? null : "Add");
    }

    private static void Scatter(HostCall call, TensorValue target, string? function) => Write(call, target, call.Tensor(1), call.Tensor(2), function);

    private static void Write(HostCall call, TensorValue target, TensorValue indices, TensorValue updates, string? function)
    {
        var result = target.Clone();
        var depth = (int)indices.Dimensions[^1];
        var values = ArrayCast.ToLongs(indices);
        var strides = Strides.Of(target.Dimensions);
        var run = Strides.Count(target.Dimensions[depth..]);
        var count = Strides.Count(indices.Dimensions[..^1]);
        for (var i = 0L; i < count; i++)
        {
            var start = Start(call, target.Dimensions, strides, values.AsSpan((int)(i * depth), depth));
            Merge(call, result, start, updates, i * run, run, function);
        }

        call.Output(result);
    }

    private static void Merge(HostCall call, TensorValue target, long to, TensorValue source, long from, long run, string? function)
    {
        if (function is null)
        {
            ArrayMovement.CopyElements(source, from, target, to, run);
            return;
        }

        using var old = TensorValue.Allocate(target.DType, run);
        using var update = TensorValue.Allocate(target.DType, run);
        ArrayMovement.CopyElements(target, to, old, 0, run);
        ArrayMovement.CopyElements(source, from, update, 0, run);
        using var merged = ArrayMath.Binary(function, old, update) ?? throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for {target.DType.Name()}");
        ArrayMovement.CopyElements(merged, 0, target, to, run);
    }

    /// <summary>InplaceUpdate, InplaceAdd: rows replaced or added to; indices wrap around.</summary>
    private static void Rows(HostCall call, string? function)
    {
        var (x, updates) = (call.Tensor(0), call.Tensor(2));
        var result = x.Clone();
        var run = Strides.Count(x.Dimensions[1..]);
        var rows = call.Ints(1);
        for (var i = 0; i < rows.Length; i++)
        {
            var row = ((rows[i] % x.Dimensions[0]) + x.Dimensions[0]) % x.Dimensions[0];
            Merge(call, result, row * run, updates, i * run, run, function);
        }

        call.Output(result);
    }

    /// <summary>DynamicStitch: slices of the data at the places that the indices name; the last of equals wins.</summary>
    private static void Stitch(HostCall call)
    {
        var n = call.InputCount / 2;
        var places = Enumerable.Range(0, n).Select(call.Ints).ToArray();
        var rows = places.Select(static p => p.Length == 0 ? 0 : p.Max() + 1).Max();
        var inner = call.Tensor(n).Dimensions[call.Tensor(0).Rank..];
        var run = Strides.Count(inner);
        var result = TensorValue.Zeros(call.Tensor(n).DType, [rows, .. inner]);
        for (var part = 0; part < n; part++)
        {
            for (var i = 0; i < places[part].Length; i++)
            {
                ArrayMovement.CopyElements(call.Tensor(n + part), i * run, result, places[part][i] * run, run);
            }
        }

        call.Output(result);
    }

    /// <summary>DynamicPartition: slices by the partition that each goes to, in order.</summary>
    private static void Partition(HostCall call)
    {
        var x = call.Tensor(0);
        var ids = call.Ints(1);
        var inner = x.Dimensions[call.Tensor(1).Rank..];
        var run = Strides.Count(inner);
        if (ids.Any(id => id < 0 || id >= call.OutputCount))
        {
            throw call.Invalid(FormattableString.Invariant($"partitions are not all in [0, {call.OutputCount})"));
        }

        for (var part = 0; part < call.OutputCount; part++)
        {
            var own = Enumerable.Range(0, ids.Length).Where(i => ids[i] == part).ToArray();
            var result = TensorValue.Zeros(x.DType, [own.Length, .. inner]);
            for (var i = 0; i < own.Length; i++)
            {
                ArrayMovement.CopyElements(x, own[i] * run, result, i * run, run);
            }

            call.Output(part, result);
        }
    }

    private static void InvertPermutation(HostCall call)
    {
        var x = call.Ints(0);
        var result = new long[x.Length];
        Array.Fill(result, -1);
        for (var i = 0; i < x.Length; i++)
        {
            if (x[i] < 0 || x[i] >= x.Length || result[x[i]] >= 0)
            {
                throw call.Invalid(FormattableString.Invariant($"{x[i]} is not in a permutation of {x.Length} elements, or twice"));
            }

            result[x[i]] = i;
        }

        call.Output(0, result, x.Length);
    }

    /// <summary>OneHot: on_value where the position along a new axis equals the index, else off_value.</summary>
    private static void OneHot(HostCall call)
    {
        var indices = call.Ints(0);
        var depth = call.Int(1);
        var rank = call.Tensor(0).Rank;
        var axis = (int)call.Attributes.Int("axis", -1);
        axis = axis < 0 ? rank : axis;
        var dims = call.Tensor(0).Dimensions;
        var inner = Strides.Count(dims[axis..]);
        var result = ArrayMovement.Broadcast(call.Tensor(3), [.. dims[..axis], depth, .. dims[axis..]]);
        for (var i = 0L; i < indices.Length; i++)
        {
            if (indices[i] >= 0 && indices[i] < depth)
            {
                ArrayMovement.CopyElements(call.Tensor(2), 0, result, (((i / inner * depth) + indices[i]) * inner) + (i % inner), 1);
            }
        }

        call.Output(result);
    }
}
