namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>
/// How a graph whose rows do not influence each other computes a large batch: in parts, whose outputs put together are the
/// batch's.
/// </summary>
/// <param name="Inputs">Per input, whether its first axis counts rows; other inputs are the same for all parts.</param>
/// <param name="OutputRows">Per output, the sizes of one row; null where they are not known before a call.</param>
/// <param name="PartRows">The most rows of a part; at least 1.</param>
/// <param name="Concurrent">How many rows a batch has whose parts are better computed side by side, each on one core, than
/// one after the other with all cores sharing each node.</param>
internal sealed record RowSplit(IReadOnlyList<bool> Inputs, IReadOnlyList<IReadOnlyList<long>?> OutputRows, long PartRows, RowRange Concurrent)
{
    /// <summary>How many cores should work on parts of a batch.</summary>
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="cores">How many there are.</param>
    /// <returns>At least 1.</returns>
    public int Cores(long rows, int cores) =>
        rows < Concurrent.From || rows > Concurrent.To ? 1 : (int)Math.Min(cores, Math.Max(1, 2 * rows / Math.Max(1, Concurrent.From)));

    /// <summary>The rows of each part of a batch but the last, which may have fewer.</summary>
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="cores">How many cores work on parts.</param>
    /// <returns>The rows of a part; those of the batch where it stays whole.</returns>
    public long RowsOfPart(long rows, int cores)
    {
        var parts = Math.Max(cores, (rows + PartRows - 1) / PartRows);
        return parts <= 1 ? rows : (rows + parts - 1) / parts;
    }
}
