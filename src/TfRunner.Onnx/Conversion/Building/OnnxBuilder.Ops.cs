using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Building;

/// <content>Operators that many converters need.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>An int64 vector.</summary>
    /// <param name="values">The elements.</param>
    /// <returns>The constant.</returns>
    public OnnxValue Ints(params ReadOnlySpan<long> values) => Constant(TensorValue.From(values, values.Length));

    /// <summary>An int64 scalar.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The constant.</returns>
    public OnnxValue Int(long value) => Constant(TensorValue.FromScalar(value));

    /// <summary>A scalar of any numeric dtype or bool.</summary>
    /// <param name="dtype">The dtype, as carried in ONNX.</param>
    /// <param name="value">The value.</param>
    /// <returns>The constant.</returns>
    public OnnxValue Scalar(DType dtype, double value) => Constant(Scalars.Make(dtype, value));

    /// <summary>Casts as C does; to bool gives whether not zero. No node where the dtype is the same.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="dtype">The new dtype.</param>
    /// <returns>The result.</returns>
    public OnnxValue Cast(OnnxValue x, DType dtype) => x.DType == dtype ? x : Emit("Cast", [x], ("to", (long)OnnxTypes.Number(dtype)));

    public OnnxValue Transpose(OnnxValue x, params long[] permutation) => Emit("Transpose", [x], ("perm", permutation));

    public OnnxValue Unsqueeze(OnnxValue x, params ReadOnlySpan<long> axes) => axes.IsEmpty ? x : Emit("Unsqueeze", [x, Ints(axes)]);

    public OnnxValue Squeeze(OnnxValue x, params ReadOnlySpan<long> axes) => axes.IsEmpty ? x : Emit("Squeeze", [x, Ints(axes)]);

    public OnnxValue Concat(int axis, params ReadOnlySpan<OnnxValue> values) => values.Length == 1 ? values[0] : Emit("Concat", [.. values], ("axis", (long)axis));

    public OnnxValue Gather(OnnxValue x, OnnxValue indices, int axis) => Emit("Gather", [x, indices], ("axis", (long)axis));

    /// <summary>ONNX's Slice with constant bounds; int.MaxValue-like ends mean to the end.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="starts">First index per axis.</param>
    /// <param name="ends">One past the last index per axis.</param>
    /// <param name="axes">The axes.</param>
    /// <param name="steps">The steps; null for ones.</param>
    /// <returns>The result.</returns>
    public OnnxValue Slice(OnnxValue x, long[] starts, long[] ends, long[] axes, long[]? steps = null) =>
        Emit("Slice", [x, Ints(starts), Ints(ends), Ints(axes), steps is null ? null : Ints(steps)]);

    /// <summary>The shape as an int64 vector; constant or in terms of dimensions where these are known.</summary>
    /// <param name="x">The operand.</param>
    /// <returns>The shape.</returns>
    public OnnxValue ShapeOf(OnnxValue x) => Emit("Shape", [x]);

    /// <summary>One dimension as an int64 vector of one element.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="axis">The axis; negative numbers count from the end.</param>
    /// <returns>The dimension.</returns>
    public OnnxValue DimensionOf(OnnxValue x, int axis) =>
        x.Shape is { } shape && shape[axis].IsConstant
            ? Ints(shape[axis].Value)
            : Slice(ShapeOf(x), [axis], [axis == -1 ? long.MaxValue : axis + 1], [0]);

    /// <summary>Reshapes to numbers: -1 for at most one dimension that follows, 0 for a dimension kept in its place.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="dims">The new dimensions.</param>
    /// <returns>The result.</returns>
    public OnnxValue Reshape(OnnxValue x, params ReadOnlySpan<long> dims) => Emit("Reshape", [x, Ints(dims)]);

    /// <summary>
    /// Reshapes to what a shape tensor says. Where its elements are known in terms of dimensions, the target becomes
    /// constant, which lets ONNX Runtime plan ahead.
    /// </summary>
    /// <param name="x">The operand.</param>
    /// <param name="shape">An integer vector; -1 once for the dimension that follows from the others.</param>
    /// <returns>The result.</returns>
    public OnnxValue Reshape(OnnxValue x, OnnxValue shape)
    {
        if (shape.Contents is { } contents && StaticTarget(x, contents) is { } numbers)
        {
            return Reshape(x, numbers);
        }

        // allowzero: in TensorFlow a zero in the target is an empty dimension, not a copied one.
        return Emit("Reshape", [x, Cast(shape, DType.Int64)], ("allowzero", 1L));
    }

    private static long[]? StaticTarget(OnnxValue x, IReadOnlyList<Dim> contents)
    {
        var numbers = new long[contents.Count];
        var open = -1;
        for (var i = 0; i < numbers.Length; i++)
        {
            var dim = contents[i];
            if (dim.IsConstant && dim.Value > 0)
            {
                numbers[i] = dim.Value;
            }
            else if (x.Shape is { } shape && i < shape.Rank && shape[i] == dim)
            {
                numbers[i] = 0; // Copied from the operand.
            }
            else if (open < 0 && (!dim.IsConstant || dim.Value == -1))
            {
                numbers[i] = -1;
                open = i;
            }
            else
            {
                return null;
            }
        }

        return numbers;
    }
}
