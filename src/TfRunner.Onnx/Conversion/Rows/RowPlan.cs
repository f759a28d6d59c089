namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>The parts in which one batch is computed; their rows differ by one at most, so that cores finish together.</summary>
/// <param name="Rows">The rows of the batch.</param>
/// <param name="Parts">How many parts; 1 where the batch stays whole.</param>
/// <param name="Cores">How many cores should each compute parts; 1 where all of them share each node.</param>
internal readonly record struct RowPlan(long Rows, int Parts, int Cores)
{
    /// <summary>The first row of a part.</summary>
    /// <param name="part">From 0; the number of parts gives the number of rows.</param>
    /// <returns>The row.</returns>
    public long First(int part) => (long)((Int128)part * Rows / Parts);

    /// <summary>The rows of a part; at least 1.</summary>
    /// <param name="part">From 0.</param>
    /// <returns>How many.</returns>
    public long Count(int part) => First(part + 1) - First(part);
}
