using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Slicing: Python's subscripts, and plain boxes.</summary>
internal sealed class StridedSliceOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(StridedSlice, "StridedSlice");
        registry.Add(Slice, "Slice");
    }

    /// <summary>
    /// StridedSlice: one (begin, end, stride) per subscript; bits of the masks mark subscripts whose begin or end is left
    /// out, that are an ellipsis, a new axis, or a single index that drops its axis. ONNX: Slice-13, then Squeeze and Unsqueeze.
    /// </summary>
    private static void StridedSlice(OperatorContext op)
    {
        var b = op.Builder;
        var x = op.Input(0);
        var strides = op.ConstantInts(3);
        var begin = op.TryConstantInts(1);
        var end = op.TryConstantInts(2);
        var (beginMask, endMask) = (op.Attributes.Int("begin_mask"), op.Attributes.Int("end_mask"));
        var (ellipsisMask, newMask, shrinkMask) = (op.Attributes.Int("ellipsis_mask"), op.Attributes.Int("new_axis_mask"), op.Attributes.Int("shrink_axis_mask"));
        var starts = new List<OnnxValue>();
        var ends = new List<OnnxValue>();
        var (axes, steps, squeezed, added) = (new List<long>(), new List<long>(), new List<long>(), new List<long>());
        var (axis, outAxis) = (0, 0);
        for (var i = 0; i < strides.Length; i++)
        {
            var bit = 1L << i;
            if ((ellipsisMask & bit) != 0)
            {
                // New axes right of the ellipsis take no axis of the operand.
                var later = Enumerable.Range(i + 1, strides.Length - i - 1).Count(j => (newMask & (1L << j)) == 0);
                var skipped = op.RankOf(0) - later - axis;
                axis += skipped;
                outAxis += skipped;
                continue;
            }

            if ((newMask & bit) != 0)
            {
                added.Add(outAxis++);
                continue;
            }

            var isShrunk = (shrinkMask & bit) != 0;
            var step = isShrunk ? 1 : strides[i];
            var start = (beginMask & bit) != 0 && !isShrunk ? b.Ints(step > 0 ? 0 : -1) : Element(op, 1, begin, i);
            var stop = isShrunk ? After(op, begin, start, i)
                : (endMask & bit) != 0 ? b.Ints(step > 0 ? long.MaxValue : long.MinValue + 1)
                : Element(op, 2, end, i);
            if (isShrunk)
            {
                squeezed.Add(axis);
            }
            else
            {
                outAxis++;
            }

            axes.Add(axis++);
            steps.Add(step);
            starts.Add(start);
            ends.Add(stop);
        }

        if (axes.Count > 0)
        {
            x = op.Emit(
                "Slice",
                [x, b.Concat(0, [.. starts]), b.Concat(0, [.. ends]), b.Ints([.. axes]), steps.TrueForAll(static s => s == 1) ? null : b.Ints([.. steps])]);
        }

        x = b.Squeeze(x, [.. squeezed]);
        op.Output(b.Unsqueeze(x, [.. added]));
    }

    /// <summary>Slice: begin and size per axis; size -1 takes all that is left.</summary>
    private static void Slice(OperatorContext op)
    {
        var b = op.Builder;
        var rank = op.RankOf(0);
        var begin = b.Cast(op.Input(1), DType.Int64);
        var size = b.Cast(op.Input(2), DType.Int64);
        OnnxValue end;
        if (op.TryConstantInts(2) is { } sizes && op.TryConstantInts(1) is { } begins)
        {
            end = b.Ints([.. sizes.Select((s, i) => s < 0 ? long.MaxValue : begins[i] + s)]);
        }
        else
        {
            var isOpen = op.Emit("Less", [size, b.Int(0)]);
            end = op.Emit("Where", [isOpen, b.Int(long.MaxValue), op.Emit("Add", [begin, size])]);
        }

        op.Output(op.Emit("Slice", [op.Input(0), begin, end, b.Ints([.. Enumerable.Range(0, rank).Select(static i => (long)i)])]));
    }

    private static OnnxValue Element(OperatorContext op, int input, long[]? known, int index) => known is not null
        ? op.Builder.Ints(known[index])
        : op.Builder.Slice(op.Builder.Cast(op.Input(input), DType.Int64), [index], [index + 1], [0]);

    /// <summary>One past a single index: beyond the end for -1, which would else mean before it.</summary>
    private static OnnxValue After(OperatorContext op, long[]? begin, OnnxValue start, int index)
    {
        if (begin is not null)
        {
            return op.Builder.Ints(begin[index] == -1 ? long.MaxValue : begin[index] + 1);
        }

        var next = op.Emit("Add", [start, op.Builder.Int(1)]);
        return start.Contents is not null
            ? next
            : op.Emit("Where", [op.Emit("Equal", [next, op.Builder.Int(0)]), op.Builder.Int(long.MaxValue), next]);
    }
}
