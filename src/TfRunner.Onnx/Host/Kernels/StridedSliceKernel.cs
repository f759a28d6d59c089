using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>StridedSlice: Python's subscripts with begins, ends, strides and masks.</summary>
internal static class StridedSliceKernel
{
    public static void Run(HostCall call) => call.Output(Slice(call, call.Tensor(0)));

    /// <summary>TensorStridedSliceUpdate: the operand with what the subscripts name replaced by the fifth input.</summary>
    /// <param name="call">The call.</param>
    public static void Update(HostCall call) => Write(call, call.Tensor(0).Clone());

    /// <summary>StridedSliceGrad: zeros of the shape that the first input is, with what the subscripts name replaced by the fifth input.</summary>
    /// <param name="call">The call.</param>
    public static void Gradient(HostCall call) => Write(call, TensorValue.Zeros(call.OutputType(), call.Ints(0)));

    private static void Write(HostCall call, TensorValue result)
    {
        using var all = TensorValue.From(Enumerable.Range(0, (int)result.Length).Select(static i => (long)i).ToArray(), result.Dimensions);
        using var places = Slice(call, all);
        using var values = ArrayMovement.Broadcast(call.Tensor(4), places.Dimensions);
        for (var i = 0; i < places.Length; i++)
        {
            ArrayMovement.CopyElements(values, i, result, places.AsSpan<long>()[i], 1);
        }

        call.Output(result);
    }

    private static TensorValue Slice(HostCall call, TensorValue x)
    {
        var (begin, end, strides) = (call.Ints(1), call.Ints(2), call.Ints(3));
        var (beginMask, endMask) = (call.Attributes.Int("begin_mask"), call.Attributes.Int("end_mask"));
        var (ellipsisMask, newMask, shrinkMask) = (call.Attributes.Int("ellipsis_mask"), call.Attributes.Int("new_axis_mask"), call.Attributes.Int("shrink_axis_mask"));
        var starts = new long[x.Rank];
        var counts = x.Dimensions.ToArray();
        var steps = Enumerable.Repeat(1L, x.Rank).ToArray();
        var dims = new List<long>();
        var axis = 0;
        for (var i = 0; i < strides.Length; i++)
        {
            var bit = 1L << i;
            if ((ellipsisMask & bit) != 0)
            {
                var later = Enumerable.Range(i + 1, strides.Length - i - 1).Count(j => (newMask & (1L << j)) == 0);
                for (; axis < x.Rank - later; axis++)
                {
                    dims.Add(counts[axis]);
                }

                continue;
            }

            if ((newMask & bit) != 0)
            {
                dims.Add(1);
                continue;
            }

            var n = x.Dimensions[axis];
            var step = strides[i];
            if ((shrinkMask & bit) != 0)
            {
                var index = begin[i] < 0 ? begin[i] + n : begin[i];
                if (index < 0 || index >= n)
                {
                    throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"slice index {begin[i]} of dimension {axis} out of bounds"));
                }

                (starts[axis], counts[axis]) = (index, 1);
                axis++;
                continue;
            }

            var first = (beginMask & bit) != 0 ? (step > 0 ? 0 : n - 1) : Clamp(begin[i], n, step);
            var last = (endMask & bit) != 0 ? (step > 0 ? n : -1) : Clamp(end[i], n, step);
            var count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
            (starts[axis], counts[axis], steps[axis]) = (first, Math.Max(0, count), step);
            dims.Add(counts[axis]);
            axis++;
        }

        for (; axis < x.Rank; axis++)
        {
            dims.Add(counts[axis]);
        }

        using var sliced = ArrayMovement.Slice(x, starts, counts, steps);
        return ArrayMovement.Reshape(sliced, dims.ToArray());
    }

    private static long Clamp(long index, long n, long step)
    {
        index = index < 0 ? index + n : index;
        return step > 0 ? Math.Clamp(index, 0, n) : Math.Clamp(index, -1, n - 1);
    }
}
