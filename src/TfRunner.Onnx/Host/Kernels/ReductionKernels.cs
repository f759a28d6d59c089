using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Reductions of small tensors, splits and ranges.</summary>
internal sealed class ReductionKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Reduce(call, "Add"), "Sum");
        registry.Add(static call => Reduce(call, "Mul"), "Prod");
        registry.Add(static call => Reduce(call, "Max"), "Max");
        registry.Add(static call => Reduce(call, "Min"), "Min");
        registry.Add(static call => Reduce(call, "And"), "All");
        registry.Add(static call => Reduce(call, "Or"), "Any");
        registry.Add(Split, "Split");
        registry.Add(Range, "Range");
    }

    /// <summary>Folds slices along the axes one after the other; no axes reduce nothing. An empty axis is left to ONNX.</summary>
    private static void Reduce(HostCall call, string function)
    {
        var x = call.Tensor(0);
        var axes = call.Ints(1).Select(a => (int)(a < 0 ? a + x.Rank : a)).ToHashSet();
        var result = x.Clone();
        foreach (var axis in axes)
        {
            var size = x.Dimensions[axis];
            var starts = new long[x.Rank];
            var counts = result.Dimensions.ToArray();
            var steps = Enumerable.Repeat(1L, x.Rank).ToArray();
            if (size == 0)
            {
                counts[axis] = 1;
                var identity = function is "Mul" or "And" ? 1 : function is "Add" or "Or" ? 0
                    : throw call.Node.Error(ErrorCode.Unimplemented, "no host kernel reduces an empty axis");
                using var one = TensorValue.FromScalar((long)identity);
                using var cast = ArrayCast.Cast(one, x.DType);
                result = ArrayMovement.Broadcast(cast, counts);
                continue;
            }

            counts[axis] = 1;
            var sum = ArrayMovement.Slice(result, starts, counts, steps);
            for (var i = 1L; i < size; i++)
            {
                starts[axis] = i;
                using var slice = ArrayMovement.Slice(result, starts, counts, steps);
                var next = ArrayMath.Binary(function, sum, slice) ?? throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for {x.DType.Name()}");
                sum.Dispose();
                sum = next;
            }

            result.Dispose();
            result = sum;
        }

        if (call.Attributes.Bool("keep_dims"))
        {
            call.Output(result);
            return;
        }

        var dims = result.Dimensions.ToArray().Where((_, i) => !axes.Contains(i)).ToArray();
        call.Output(ArrayMovement.Reshape(result, dims));
        result.Dispose();
    }

    private static void Split(HostCall call)
    {
        var x = call.Tensor(1);
        var axis = (int)call.Ints(0)[0];
        axis = axis < 0 ? axis + x.Rank : axis;
        var starts = new long[x.Rank];
        var counts = x.Dimensions.ToArray();
        counts[axis] /= call.OutputCount;
        for (var i = 0; i < call.OutputCount; i++)
        {
            starts[axis] = i * counts[axis];
            call.Output(i, ArrayMovement.Slice(x, starts, counts, Enumerable.Repeat(1L, x.Rank).ToArray()));
        }
    }

    private static void Range(HostCall call)
    {
        var (start, limit, delta) = (Number(call, 0), Number(call, 1), Number(call, 2));
        var count = delta == 0 ? throw call.Node.Error(ErrorCode.InvalidArgument, "a range needs steps that are not 0") : Math.Max(0, (long)Math.Ceiling((limit - start) / delta));
        using var values = TensorValue.From(Enumerable.Range(0, checked((int)count)).Select(i => start + (i * delta)).ToArray(), count);
        call.Output(ArrayCast.Cast(values, call.Tensor(0).DType));
    }

    private static double Number(HostCall call, int input) => ArrayCast.ToDoubles(call.Tensor(input))[0];
}
