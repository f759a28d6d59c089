using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Adds a bias before the last axis is split rather than after: (reshape x) + b becomes reshape (x + b'). Keras splits the product of a
/// projection into heads before it adds the bias; the other order leaves the product and its bias as one layer.
/// </summary>
internal static class SplitBiasForm
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        builder.Graph.Nodes = [];
        var flat = new Dictionary<TensorValue, OnnxValue>();
        foreach (var node in before)
        {
            if (Split(node) is not var (reshape, bias))
            {
                builder.Graph.Nodes.Add(node);
                continue;
            }

            builder.Scope = node.Name;
            if (!flat.TryGetValue(bias.Constant!, out var vector))
            {
                flat[bias.Constant!] = vector = builder.Reshape(bias, bias.Constant!.Length);
            }

            var sum = builder.Emit("Add", [reshape.Inputs[0], vector]);
            builder.EmitInPlaceOf(node, "Reshape", [sum, reshape.Inputs[1]], [.. reshape.Attributes.Select(static a => (a.Key, a.Value))]);
        }

        builder.Graph.Prune();
    }

    private static (OnnxNode Reshape, OnnxValue Bias)? Split(OnnxNode node)
    {
        foreach (var (value, bias) in OnnxMatch.Pairs(node.Op == "Add" ? node.Output : null, "Add"))
        {
            if (bias.Constant is { DType: DType.Float32 } constant && OnnxMatch.Node(value, "Reshape") is { } reshape
                && reshape.Inputs[0]!.Shape is { Rank: > 0 } from && value.Shape is { } to && to.Rank > from.Rank
                && from.Dims.Take(from.Rank - 1).SequenceEqual(to.Dims.Take(from.Rank - 1)))
            {
                var last = to.Dims.Skip(from.Rank - 1).ToList();
                if (last.TrueForAll(static d => d.IsConstant) && constant.Dimensions.SequenceEqual([.. last.Select(static d => d.Value)]))
                {
                    return (reshape, bias);
                }
            }
        }

        return null;
    }
}
