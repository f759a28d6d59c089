namespace TfRunner.Graphs;

/// <summary>What a call of a signature runs.</summary>
/// <param name="Signature">The signature.</param>
/// <param name="Nodes">The indexes of the graph's nodes that are needed, ascending; inputs are among them, what would compute them is not.</param>
/// <param name="Functions">The functions that are entered, in ordinal order.</param>
/// <param name="Ops">The ops with their counts, in ordinal order.</param>
/// <param name="Variables">The variables, in the graph's order.</param>
/// <param name="Tables">The lookup tables, in the graph's order.</param>
/// <param name="PythonNodes">The nodes that cannot run outside Python.</param>
/// <param name="Writes">The nodes that change variables or tables.</param>
internal sealed record SignatureReach(
    Signature Signature,
    IReadOnlyList<int> Nodes,
    IReadOnlyList<string> Functions,
    IReadOnlyList<OpUse> Ops,
    IReadOnlyList<ReachedVariable> Variables,
    IReadOnlyList<GraphTable> Tables,
    IReadOnlyList<NodePlace> PythonNodes,
    IReadOnlyList<NodePlace> Writes)
{
    /// <summary>Whether a call changes what later calls see.</summary>
    public bool WritesState => Writes.Count > 0;
}
