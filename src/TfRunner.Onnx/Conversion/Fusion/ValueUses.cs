using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>Who uses the values of a graph, as it stood when this was made.</summary>
internal sealed class ValueUses
{
    private readonly Dictionary<OnnxValue, List<OnnxNode>> users = [];
    private readonly HashSet<OnnxValue> outer = [];

    /// <summary>Looks through a graph.</summary>
    /// <param name="graph">The graph.</param>
    public ValueUses(OnnxGraph graph)
    {
        outer.UnionWith(graph.Outputs);
        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs.OfType<OnnxValue>())
            {
                if (!users.TryGetValue(input, out var list))
                {
                    users[input] = list = [];
                }

                list.Add(node);
            }

            outer.UnionWith(node.Graphs().SelectMany(static g => g.AllNodes().SelectMany(OnnxGraph.Uses).Concat(g.Outputs)));
        }
    }

    /// <summary>The nodes that take a value, once for every input that does.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The nodes; null where the graph's outputs or bodies inside nodes use it too.</returns>
    public IReadOnlyList<OnnxNode>? Of(OnnxValue value) => outer.Contains(value) ? null : users.GetValueOrDefault(value) ?? [];

    /// <summary>Whether nothing but one input of one node uses a value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>True when it may change with that node.</returns>
    public bool IsSingle(OnnxValue value) => Of(value) is { Count: <= 1 };
}
