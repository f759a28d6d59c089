using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>Recognises small expressions of a TensorFlow graph.</summary>
internal static class FlowMatch
{
    public static bool IsOp(FlowValue value, string op) => !value.IsKnown && value.Producer?.Op == op;

    public static FlowValue In(FlowValue value, int index) => value.Producer!.Inputs[index];

    public static bool IsSum(FlowValue value) => IsOp(value, "AddV2") || IsOp(value, "Add") || IsOp(value, "BiasAdd");

    /// <summary>Whether a value is constant with one element of the given value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="number">What it should be.</param>
    /// <returns>True when it is.</returns>
    public static bool IsNumber(FlowValue value, double number) =>
        value.Constant is { IsString: false, Length: 1 } tensor && ArrayCast.ToDoubles(tensor)[0] == number;

    /// <summary>Splits a product into both orders.</summary>
    /// <param name="value">The value.</param>
    /// <returns>(a, b) and (b, a); nothing when it is no product.</returns>
    public static IEnumerable<(FlowValue A, FlowValue B)> Products(FlowValue value) => Pairs(value, IsOp(value, "Mul"));

    /// <summary>Splits a sum into both orders.</summary>
    /// <param name="value">The value.</param>
    /// <returns>(a, b) and (b, a); nothing when it is no sum.</returns>
    public static IEnumerable<(FlowValue A, FlowValue B)> Sums(FlowValue value) => Pairs(value, IsSum(value));

    /// <summary>The terms of a sum of sums.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The terms; the value itself when it is no sum.</returns>
    public static List<FlowValue> Terms(FlowValue value)
    {
        if (!IsSum(value))
        {
            return [value];
        }

        return [.. Terms(In(value, 0)), .. Terms(In(value, 1))];
    }

    /// <summary>Columns of a matrix: an output of a split of the last axis, or a slice of it.</summary>
    /// <param name="value">The value.</param>
    /// <param name="matrix">The whole.</param>
    /// <param name="index">Which part of equal parts.</param>
    /// <returns>Whether it is one.</returns>
    public static bool IsPart(FlowValue value, out FlowValue matrix, out int index)
    {
        (matrix, index) = (value, 0);
        if (IsOp(value, "Split") && value.Producer!.Inputs[0].Constant is { } axis && ArrayCast.ToLongs(axis)[0] is 1 or -1)
        {
            (matrix, index) = (In(value, 1), value.Index);
            return true;
        }

        if (IsOp(value, "StridedSlice") && value.Producer is { } slice
            && slice.Inputs[1].Constant is { Length: 2 } begin && slice.Inputs[2].Constant is { Length: 2 } end && slice.Inputs[3].Constant is { } strides
            && ArrayCast.ToLongs(strides).All(static s => s == 1) && slice.Attributes.Int("shrink_axis_mask") == 0
            && slice.Attributes.Int("new_axis_mask") == 0)
        {
            var from = (slice.Attributes.Int("begin_mask") & 2) != 0 ? 0 : ArrayCast.ToLongs(begin)[1];
            var to = (slice.Attributes.Int("end_mask") & 2) != 0 ? 0 : ArrayCast.ToLongs(end)[1];
            matrix = slice.Inputs[0];
            // The last part may run to the end; its number is then the last, -1.
            index = to > from ? (int)(from / (to - from)) : -1;
            return true;
        }

        return false;
    }

    private static IEnumerable<(FlowValue A, FlowValue B)> Pairs(FlowValue value, bool matches)
    {
        if (matches)
        {
            yield return (In(value, 0), In(value, 1));
            yield return (In(value, 1), In(value, 0));
        }
    }
}
