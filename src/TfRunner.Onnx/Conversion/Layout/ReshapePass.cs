using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>Drops a reshape that gives the shape which another reshape before it took away.</summary>
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

            if (node.Op == "Reshape" && !named.Contains(node.Output) && Original(node) is { } original)
            {
                replaced[node.Output] = original;
            }
        }

        graph.Prune();
    }

    /// <summary>The value of the same shape that a chain of reshapes starts from.</summary>
    private static OnnxValue? Original(OnnxNode node)
    {
        OnnxValue? found = null;
        var copied = int.MaxValue;
        for (var reshape = node; reshape is { Op: "Reshape" } && reshape.Inputs[0] is { IsConstant: false } value; reshape = value.Producer)
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
    private static int Copied(OnnxNode reshape) => reshape.Int("allowzero") != 0 || reshape.Inputs[1]!.Contents is not { } target ? 0
        : target.TakeWhile(static d => d.IsConstant && d.Value == 0).Count();

    /// <summary>Whether all axes but the last are copied, and the last has one known size.</summary>
    private static bool HasSameLast(SymbolicShape before, SymbolicShape? after, int copied) =>
        after is not null && before.Rank == after.Rank && copied >= before.Rank - 1 && before[-1].IsConstant && before[-1] == after[-1];
}
