namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>Depth-first walks over graphs, without recursion: graphs can be thousands of nodes deep.</summary>
internal static class FlowOrder
{
    public static List<FlowNode> Of(FlowGraph graph)
    {
        var order = new List<FlowNode>();
        var done = new HashSet<FlowNode>();
        var stack = new Stack<(FlowNode Node, bool Expanded)>();
        var roots = graph.Outputs.Select(static v => v.IsKnown ? null : v.Producer).Concat(graph.Effects);
        foreach (var root in roots)
        {
            if (root is null)
            {
                continue;
            }

            stack.Push((root, false));
            while (stack.TryPop(out var entry))
            {
                if (entry.Expanded)
                {
                    order.Add(entry.Node);
                    continue;
                }

                if (!graph.Members.Contains(entry.Node) || !done.Add(entry.Node))
                {
                    continue;
                }

                stack.Push((entry.Node, true));
                foreach (var used in Uses(entry.Node))
                {
                    if (!used.IsKnown && used.Producer is { } producer && !done.Contains(producer))
                    {
                        stack.Push((producer, false));
                    }
                }
            }
        }

        return order;
    }

    /// <summary>A node's inputs and what the graphs it runs use from outside.</summary>
    /// <param name="node">The node.</param>
    /// <returns>The values, repeated where they are used twice.</returns>
    public static IEnumerable<FlowValue> Uses(FlowNode node) =>
        node.Graphs.Count == 0 ? node.Inputs : node.Inputs.Concat(node.Graphs.SelectMany(Captures));

    public static List<FlowValue> Captures(FlowGraph graph)
    {
        var captures = new List<FlowValue>();
        var seen = new HashSet<FlowValue>();
        var inputs = graph.Inputs.ToHashSet();
        var used = Of(graph).SelectMany(Uses).Concat(graph.Outputs);
        foreach (var value in used)
        {
            var isInner = inputs.Contains(value) || (value.Producer is { } producer && graph.Members.Contains(producer));
            if (!isInner && !value.IsKnown && seen.Add(value))
            {
                captures.Add(value);
            }
        }

        return captures;
    }
}
