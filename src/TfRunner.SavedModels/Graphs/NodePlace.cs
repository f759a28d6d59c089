namespace TfRunner.Graphs;

/// <summary>Where a node stands.</summary>
/// <param name="Function">The function; null for the graph itself.</param>
/// <param name="Node">The node's name.</param>
/// <param name="Op">Its op.</param>
internal sealed record NodePlace(string? Function, string Node, string Op)
{
    /// <summary>Such as <c>node 'a' (MatMul) of function 'f'</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"node '{Node}' ({Op})" + (Function is null ? "" : $" of function '{Function}'");
}
