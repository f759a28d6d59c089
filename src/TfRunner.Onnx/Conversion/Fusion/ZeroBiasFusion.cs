using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>Drops the addition of zeros to a product: the bias of a layer that was never trained.</summary>
internal static class ZeroBiasFusion
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var uses = new ValueUses(builder.Graph);
        foreach (var node in builder.Graph.Nodes.ToList())
        {
            if (node.Op != "Add" || OnnxMatch.Node(node.Inputs[0], "MatMul") is not { } product || !uses.IsSingle(product.Output)
                || node.Inputs[1]?.Constant is not { DType: DType.Float32 } bias || product.Output.Shape is null || !product.Output.Shape.SameAs(node.Output.Shape)
                || bias.AsSpan<float>().ContainsAnyExcept(0f))
            {
                continue;
            }

            builder.Graph.Absorb(node, product);
        }
    }
}
