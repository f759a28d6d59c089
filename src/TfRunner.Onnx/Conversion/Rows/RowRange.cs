namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>Numbers of rows; none where <paramref name="From"/> is above <paramref name="To"/>.</summary>
/// <param name="From">The fewest.</param>
/// <param name="To">The most.</param>
internal readonly record struct RowRange(long From, long To);
