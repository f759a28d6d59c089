namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>
/// How a graph whose rows do not influence each other computes a large batch: in parts, whose outputs put together are the
/// batch's.
/// </summary>
/// <param name="Inputs">Per input, whether its first axis counts rows; other inputs are the same for all parts.</param>
/// <param name="OutputRows">Per output, the sizes of one row; null where they are not known before a call.</param>
/// <param name="PartRows">The most rows of a part that a core computes by itself; at least 1.</param>
/// <param name="Concurrent">How many rows a batch has whose parts are better computed side by side, each on one core, than
/// one after the other with all cores sharing each node, even where the session's own threads get in the way.</param>
internal sealed record RowSplit(IReadOnlyList<bool> Inputs, IReadOnlyList<IReadOnlyList<long>?> OutputRows, long PartRows, RowRange Concurrent)
{
    /// <summary>From how many rows for each core on it does not matter that one core may get a row more than another.</summary>
    private const long EvenRows = 4;

    /// <summary>
    /// How many times as many rows a part may have whose nodes the cores share: with every part they wait for each other at every node,
    /// and resnet50 took 1.04 times as long in parts of four rows as in parts of sixteen.
    /// </summary>
    private const long SharedParts = 4;

    /// <summary>How a batch is computed.</summary>
    /// <param name="rows">The rows of the batch; at least 1.</param>
    /// <param name="cores">How many there are; at least 1.</param>
    /// <param name="hasSoloSession">Whether parts side by side are computed without threads that share nodes.</param>
    /// <returns>The parts.</returns>
    public RowPlan Plan(long rows, int cores, bool hasSoloSession)
    {
        var used = Cores(rows, cores, hasSoloSession);
        var most = used > 1 || cores == 1 ? PartRows : PartRows * SharedParts;
        var parts = Math.Max(used, (rows + most - 1) / most);
        return new(rows, (int)Math.Min(rows, (parts + used - 1) / used * used), used);
    }

    private int Cores(long rows, int cores, bool hasSoloSession)
    {
        if (rows < Concurrent.From)
        {
            return 1;
        }

        var used = Math.Min(Math.Min(rows, cores), Math.Max(1, 2 * rows / Math.Max(1, Concurrent.From)));
        var isEven = rows % used == 0 || rows >= EvenRows * used;
        return rows <= Concurrent.To || (hasSoloSession && isEven) ? (int)used : 1;
    }
}
