namespace TfRunner.Graphs;

/// <summary>How often an op stands in what a signature reaches, each function body counted once.</summary>
/// <param name="Op">The op.</param>
/// <param name="Count">The number of nodes.</param>
/// <param name="First">The first of them.</param>
internal sealed record OpUse(string Op, int Count, NodePlace First);
