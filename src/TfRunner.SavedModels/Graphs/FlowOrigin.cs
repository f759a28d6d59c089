using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>Where a handle or a restored tensor comes from.</summary>
/// <param name="Body">The graph, or the function.</param>
/// <param name="Node">The node's index in it.</param>
/// <param name="Output">The output's number; 0 for handles.</param>
internal readonly record struct FlowOrigin(GraphBody Body, int Node, int Output)
{
    /// <summary>The node.</summary>
    public NodeDef Definition => Body.Nodes[Node];
}
