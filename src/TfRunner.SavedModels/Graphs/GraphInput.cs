namespace TfRunner.Graphs;

/// <summary>A node's input, resolved.</summary>
/// <param name="Node">The index of the producing node in its body; for a function's argument, the complement of its number.</param>
/// <param name="Output">The number of the node's output over all its output arguments; -1 for a control input.</param>
internal readonly record struct GraphInput(int Node, int Output)
{
    /// <summary>Whether only the order counts.</summary>
    public bool IsControl => Output < 0;

    /// <summary>Whether it is an argument of the function.</summary>
    public bool IsArgument => Node < 0;

    /// <summary>The argument's number.</summary>
    public int Argument => ~Node;
}
