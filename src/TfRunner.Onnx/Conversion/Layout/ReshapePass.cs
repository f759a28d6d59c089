using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>Drops a reshape that gives the shape which others before it took away, and makes one of several in a row.</summary>
internal static class ReshapePass
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var graph = builder.Graph;
        var named = graph.Outputs.Concat(graph.Nodes.Where(static n => n.Graphs().Any()).SelectMany(OnnxGraph.Uses)).ToHashSet();
        var replaced = new Dictionary<OnnxValue, OnnxValue>();
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] is { } input && replaced.TryGetValue(input, out var source))
                {
                    node.Inputs[i] = source;
                }
            }

            if (!IsReshape(node))
            {
                continue;
            }

            if (!named.Contains(node.Output) && Original(node) is { } original)
            {
                replaced[node.Output] = original;
            }
            else if (IsReshape(node.Inputs[0]!.Producer) && !node.Inputs[0]!.IsConstant && node.Output.Shape?.ToTarget() is { } target)
            {
                builder.Scope = node.Name;
                node.Op = "Reshape";
                node.Attributes.Clear();
                var root = Root(node.Inputs[0]!);
                node.Inputs.Clear();
                node.Inputs.AddRange([root, builder.Ints(target)]);
            }
        }

        graph.Prune();
    }

    private static bool IsReshape(OnnxNode? node) => node is { Op: "Reshape" or "Squeeze" or "Unsqueeze", Domain: "" };

    /// <summary>What has the same elements in the same order, before any reshape.</summary>
    private static OnnxValue Root(OnnxValue value) => !value.IsConstant && IsReshape(value.Producer) ? Root(value.Producer!.Inputs[0]!) : value;

    /// <summary>The value of the same shape that a chain of reshapes starts from.</summary>
    private static OnnxValue? Original(OnnxNode node)
    {
        OnnxValue? found = null;
        var copied = int.MaxValue;
        for (var reshape = node; IsReshape(reshape) && reshape!.Inputs[0] is { IsConstant: false } value; reshape = value.Producer)
        {
            copied = Math.Min(copied, Copied(reshape));
            if (value.Shape is { } shape && (shape.SameAs(node.Output.Shape) || HasSameLast(shape, node.Output.Shape, copied)))
            {
                found = value;
            }
        }

        return found;
    }

    /// <summary>How many leading axes a reshape copies, whatever their sizes.</summary>
    private static int Copied(OnnxNode reshape) => reshape.Op != "Reshape" || reshape.Int("allowzero") != 0 || reshape.Inputs[1]!.Contents is not { } target ? 0
        : target.TakeWhile(static d => d.IsConstant && d.Value == 0).Count();

    /// <summary>Whether all axes but the last are copied, and the last has one known size.</summary>
    private static bool HasSameLast(SymbolicShape before, SymbolicShape? after, int copied) =>
        after is not null && before.Rank == after.Rank && copied >= before.Rank - 1 && before[-1].IsConstant && before[-1] == after[-1];
}
