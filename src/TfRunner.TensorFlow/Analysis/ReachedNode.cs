using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>A node that a signature can come to run.</summary>
/// <param name="Node">The node.</param>
/// <param name="Function">The function whose body it is in; null for the main graph.</param>
internal readonly record struct ReachedNode(NodeDef Node, string? Function)
{
    /// <summary>Where it is, for messages.</summary>
    public string Place => Function is null ? $"node '{Node.Name}'" : $"node '{Node.Name}' of function '{Function}'";
}
