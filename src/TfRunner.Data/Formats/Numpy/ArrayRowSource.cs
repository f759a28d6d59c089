namespace TfRunner.Data.Formats.Numpy;

/// <summary>Rows of arrays, in memory or mapped from their files: inputs whose first dimension is the batch are cut, others come whole each time.</summary>
public sealed class ArrayRowSource : IRowSource
{
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly StoredArray[] arrays;
    private readonly bool[] isCut;
    private readonly IDisposable? owner;
    private long row;

    /// <summary>Makes rows of arrays.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="arrays">One array per input, whole; disposed with the source.</param>
    /// <param name="ignored">Keys that no input takes.</param>
    /// <param name="owner">Disposed with the source; may be null.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when the arrays have different numbers of rows.</exception>
    public ArrayRowSource(IReadOnlyList<TensorSpec> inputs, TensorValue[] arrays, IReadOnlyList<string> ignored, IDisposable? owner = null)
        : this(inputs, Held(arrays), ignored, owner)
    {
    }

    /// <summary>Makes rows of stored arrays, each fitted to its input as it is cut.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="arrays">One array per input; disposed with the source.</param>
    /// <param name="ignored">Keys that no input takes.</param>
    /// <param name="owner">Disposed with the source; may be null.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when the arrays have different numbers of rows.</exception>
    internal ArrayRowSource(IReadOnlyList<TensorSpec> inputs, StoredArray[] arrays, IReadOnlyList<string> ignored, IDisposable? owner = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        this.inputs = inputs;
        this.arrays = arrays;
        this.owner = owner;
        IgnoredColumns = ignored;
        isCut = [.. inputs.Select((s, i) => arrays[i].Dimensions.Count > 0 && (!s.Shape.IsRankKnown || (s.Shape.Rank > 0 && s.Shape[0] != arrays[i].Dimensions[0])))];
        if (!isCut.Contains(true))
        {
            // Every first dimension is fixed and right: one call takes them whole.
            isCut = [.. arrays.Select(static a => a.Dimensions.Count > 0)];
        }

        var counts = arrays.Where((_, i) => isCut[i]).Select(static a => a.Dimensions[0]).Distinct().ToList();
        RowCount = counts.Count == 1
            ? counts[0]
            : throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                counts.Count == 0
                    ? "the inputs have no rows to make batches of"
                    : $"the inputs have different numbers of rows: {string.Join("; ", inputs.Select((s, i) => $"{s.Name} {arrays[i]}"))}",
                "give no --batch-size to pass the arrays whole");
    }

    /// <inheritdoc/>
    public long? RowCount { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> IgnoredColumns { get; }

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        var rows = Math.Min(maxRows, RowCount!.Value - row);
        if (rows <= 0)
        {
            return null;
        }

        var chunk = arrays.Select((a, i) => ArrayDType.Fit(isCut[i] ? a.Rows(row, rows) : a.Whole(), inputs[i].DType)).ToArray();
        row += rows;
        return chunk;
    }

    /// <inheritdoc/>
    public void Skip(long rows) => row += Math.Max(0, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var array in arrays)
        {
            array.Dispose();
        }

        owner?.Dispose();
    }

    private static StoredArray[] Held(TensorValue[] arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return [.. arrays.Select(static a => new HeldArray(a))];
    }
}
