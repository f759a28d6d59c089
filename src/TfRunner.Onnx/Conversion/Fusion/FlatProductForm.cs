using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Drops the reshapes around a product of rows with a matrix, and what computes their sizes: Keras's Dense flattens all axes but the last
/// and unflattens the result, where MatMul takes any number of leading axes.
/// </summary>
internal static class FlatProductForm
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            if (Flattened(node) is var (x, matrix))
            {
                builder.EmitInPlaceOf(node, "MatMul", [x, matrix]);
            }
            else
            {
                builder.Graph.Nodes.Add(node);
            }
        }

        builder.Graph.Prune();
    }

    /// <summary>What is multiplied, where a node unflattens the product.</summary>
    private static (OnnxValue X, OnnxValue Matrix)? Flattened(OnnxNode node)
    {
        if (node.Op != "Reshape" || OnnxMatch.Node(node.Inputs[0], "MatMul") is not { } product || product.Inputs[1] is not { Rank: 2 } matrix
            || OnnxMatch.Node(product.Inputs[0], "Reshape") is not { } flatten || flatten.Output.Rank != 2
            || flatten.Inputs[0]!.Shape is not { Rank: > 2 } from || node.Output.Shape is not { } to || to.Rank != from.Rank)
        {
            return null;
        }

        var isSame = flatten.Output.Shape![1] == from[-1] && from.Dims.Take(from.Rank - 1).SequenceEqual(to.Dims.Take(to.Rank - 1)) && to[-1] == matrix.Shape![1];
        return isSame ? (flatten.Inputs[0]!, matrix) : null;
    }
}
