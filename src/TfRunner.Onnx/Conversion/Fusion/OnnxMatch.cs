using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>Recognises small expressions of an ONNX graph.</summary>
internal static class OnnxMatch
{
    private const double Precision = 1e-5;

    /// <summary>The node that computes a value, where it is of an operator.</summary>
    /// <param name="value">The value.</param>
    /// <param name="op">The operator.</param>
    /// <returns>The node; null for others, constants and inputs.</returns>
    public static OnnxNode? Node(OnnxValue? value, string op) => value is { IsConstant: false, Producer: { } producer } && producer.Op == op ? producer : null;

    /// <summary>Splits a sum or product into both orders.</summary>
    /// <param name="value">The value.</param>
    /// <param name="op">The operator.</param>
    /// <returns>(a, b) and (b, a); nothing where it is another operator.</returns>
    public static IEnumerable<(OnnxValue A, OnnxValue B)> Pairs(OnnxValue? value, string op)
    {
        if (Node(value, op) is { } node)
        {
            yield return (node.Inputs[0]!, node.Inputs[1]!);
            yield return (node.Inputs[1]!, node.Inputs[0]!);
        }
    }

    /// <summary>A float constant of one element.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The number; null for other values.</returns>
    public static double? Number(OnnxValue? value) => value?.Constant is { DType: DType.Float32, Length: 1 } tensor ? ArrayCast.ToDoubles(tensor)[0] : null;

    /// <summary>Whether a value is a number, up to float precision.</summary>
    /// <param name="value">The value.</param>
    /// <param name="number">The number.</param>
    /// <returns>True when it is.</returns>
    public static bool IsNumber(OnnxValue? value, double number) => Number(value) is { } found && Math.Abs(found - number) <= Precision * Math.Abs(number);

    /// <summary>Axes that are known, counted from 0.</summary>
    /// <param name="value">A vector of axes, of which negative ones count from the end; may be left out.</param>
    /// <param name="rank">How many axes there are.</param>
    /// <returns>The axes in order; null where they are not constant.</returns>
    public static long[]? Axes(OnnxValue? value, int rank) =>
        value?.Constant is { } tensor ? [.. ArrayCast.ToLongs(tensor).Select(a => a < 0 ? a + rank : a).Order()] : null;

    /// <summary>Whether a constant has one number, or one for each channel.</summary>
    /// <param name="constant">The constant.</param>
    /// <param name="rank">The rank of what it is combined with, which it must not enlarge.</param>
    /// <param name="channelsFromEnd">Where channels lie: 1 for the last axis.</param>
    /// <param name="channels">How many there are.</param>
    /// <returns>True when it has.</returns>
    public static bool IsPerChannel(TensorValue constant, int rank, int channelsFromEnd, long channels)
    {
        var dims = constant.Dimensions;
        if (dims.Length > rank || (constant.Length != 1 && constant.Length != channels))
        {
            return false;
        }

        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] != 1 && dims.Length - i != channelsFromEnd)
            {
                return false;
            }
        }

        return true;
    }
}
