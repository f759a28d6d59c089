using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Folding;

/// <summary>Nodes that need not be added, because an operand is the result already.</summary>
internal static class Simplification
{
    /// <summary>Finds what stands for a node.</summary>
    /// <param name="builder">Adds what replaces the node.</param>
    /// <param name="node">The node as asked for.</param>
    /// <returns>The value; null where the node is needed.</returns>
    public static OnnxValue? TryReplace(OnnxBuilder builder, OnnxNode node)
    {
        var x = node.Inputs.Count > 0 ? node.Inputs[0] : null;
        switch (node.Op)
        {
            case "Identity":
                return x;
            case "Transpose":
                return Transpose(builder, node, x!);
            case "Reshape":
                return Reshape(node, x!);
            case "Expand":
                return x!.Shape is { } have && node.Inputs[1]!.Contents is { } want && want.Count <= have.Rank
                    && want.Select((d, i) => d == have[have.Rank - want.Count + i] || (d.IsConstant && d.Value == 1)).All(static same => same)
                    ? x
                    : null;
            case "Tile":
                return node.Inputs[1]!.Contents is { } repeats && repeats.All(static d => d.IsConstant && d.Value == 1) ? x : null;
            default:
                return null;
        }
    }

    private static OnnxValue? Transpose(OnnxBuilder builder, OnnxNode node, OnnxValue x)
    {
        var permutation = node.Ints("perm");
        if (permutation is null)
        {
            return null;
        }

        if (permutation.Select(static (p, i) => p == i).All(static same => same))
        {
            return x;
        }

        if (x.Producer is { Op: "Transpose" } before && before.Ints("perm") is { } first && first.Length == permutation.Length)
        {
            return builder.Transpose(before.Inputs[0]!, Array.ConvertAll(permutation, p => first[p]));
        }

        return null;
    }

    private static OnnxValue? Reshape(OnnxNode node, OnnxValue x)
    {
        if (x.Shape is not { } shape || node.Inputs[1]!.Contents is not { } target || target.Count != shape.Rank)
        {
            return null;
        }

        var open = 0;
        for (var i = 0; i < target.Count; i++)
        {
            if (target[i] == shape[i] || (target[i].IsConstant && target[i].Value == 0 && node.Int("allowzero") == 0))
            {
                continue;
            }

            if (!(target[i].IsConstant && target[i].Value == -1) || ++open > 1)
            {
                return null;
            }
        }

        return x;
    }
}
