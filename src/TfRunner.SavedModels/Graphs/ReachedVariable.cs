namespace TfRunner.Graphs;

/// <summary>A variable that a signature reaches.</summary>
/// <param name="Variable">The variable.</param>
/// <param name="IsRead">Whether its value is used.</param>
/// <param name="IsWritten">Whether a call changes it.</param>
internal sealed record ReachedVariable(GraphVariable Variable, bool IsRead, bool IsWritten);
