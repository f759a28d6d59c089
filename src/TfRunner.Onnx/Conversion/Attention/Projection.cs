using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Fusion;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>A product with constant weights, and a bias.</summary>
/// <param name="X">What is projected: [batch, steps, features].</param>
/// <param name="Matrix">The weights: [features, heads * size].</param>
/// <param name="Bias">The bias: heads * size numbers; null where there is none.</param>
/// <param name="Product">The product without the bias.</param>
internal sealed record Projection(OnnxValue X, OnnxValue Matrix, OnnxValue? Bias, OnnxValue Product)
{
    /// <summary>Reads a projection.</summary>
    /// <param name="operand">Queries, keys or values.</param>
    /// <returns>The projection and a factor of it; null where the operand is none.</returns>
    public static (Projection Projection, double Factor)? Of(AttentionOperand operand)
    {
        if (operand.Unsplit is not { } value)
        {
            return null;
        }

        var (bare, factor) = new AttentionOperand(value, [0, 1, 2]).Bare();
        if (!bare.IsOrdered)
        {
            return null;
        }

        if (Read(bare.Value) is { } plain)
        {
            return (plain, factor);
        }

        foreach (var (product, bias) in OnnxMatch.Pairs(bare.Value, "Add"))
        {
            if (bias.Constant is { DType: DType.Float32 } constant && Read(product) is { } found && constant.Length == found.Matrix.Shape![1].Value && constant.Dimensions.Length <= 1)
            {
                return (found with { Bias = bias }, factor);
            }
        }

        return null;
    }

    private static Projection? Read(OnnxValue value) =>
        OnnxMatch.Node(value, "MatMul") is { } product && product.Inputs[0] is { IsConstant: false, Shape: { Rank: 3 } shape } x && shape[2].IsConstant
        && product.Inputs[1] is { Constant.DType: DType.Float32, Rank: 2 } matrix
            ? new(x, matrix, null, value)
            : null;
}
