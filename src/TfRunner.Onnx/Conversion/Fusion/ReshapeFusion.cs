using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>Makes one Reshape of several in a row, and none where the last shape is the first.</summary>
internal static class ReshapeFusion
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var same = new Dictionary<OnnxValue, OnnxValue>();
        var inner = builder.Graph.Nodes.Where(static n => n.Graphs().Any()).SelectMany(OnnxGraph.Uses).Concat(builder.Graph.Outputs).ToHashSet();
        foreach (var node in builder.Graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = node.Inputs[i] is { } input && same.TryGetValue(input, out var first) ? first : node.Inputs[i];
            }

            if (!IsReshape(node) || Root(node.Inputs[0]!) is not { Shape: { } before } root || node.Output.Shape is not { } after)
            {
                continue;
            }

            if ((before.IsSame(after) || OnlyLast(node, root)) && !inner.Contains(node.Output))
            {
                same[node.Output] = root;
            }
            else if (root != node.Inputs[0] && after.Dims.Count(static d => !d.IsConstant) <= 1 && after.Dims.All(static d => !d.IsConstant || d.Value > 0))
            {
                builder.Scope = node.Name;
                node.Op = "Reshape";
                node.Attributes.Clear();
                node.Inputs.Clear();
                node.Inputs.AddRange([root, builder.Ints([.. after.Dims.Select(static d => d.IsConstant ? d.Value : -1)])]);
            }
        }

        builder.Graph.Prune();
    }

    /// <summary>Whether all reshapes from a value on copy every axis but its last, which has one known size before and after.</summary>
    private static bool OnlyLast(OnnxNode node, OnnxValue root)
    {
        var (before, after) = (root.Shape!, node.Output.Shape!);
        if (before.Rank != after.Rank || before.Rank == 0 || !before[-1].IsConstant || before[-1] != after[-1])
        {
            return false;
        }

        for (var reshape = node; reshape.Inputs[0] is var value; reshape = value!.Producer!)
        {
            if (reshape is not { Op: "Reshape" } || reshape.Int("allowzero") != 0 || reshape.Inputs[1]!.Contents is not { } target
                || target.TakeWhile(static d => d.IsConstant && d.Value == 0).Count() < before.Rank - 1)
            {
                return false;
            }

            if (value == root)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsReshape(OnnxNode? node) => node is { Op: "Reshape" or "Squeeze" or "Unsqueeze", Domain: "" };

    /// <summary>What has the same elements in the same order, before any reshape.</summary>
    private static OnnxValue Root(OnnxValue value) => !value.IsConstant && IsReshape(value.Producer) ? Root(value.Producer!.Inputs[0]!) : value;
}
