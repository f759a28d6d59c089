namespace TfRunner.Data.Formats;

/// <summary>The rows of a source that belong to one part. What cannot be read belongs to the part of its position.</summary>
internal sealed class PartRowSource : IRowSource, ISkippingSource, IReportingSource
{
    // Rows read at a time, of which one in Count is kept.
    private const int MostRead = 1 << 14;
    private readonly IRowSource source;
    private readonly RowPart part;
    private long position;

    public PartRowSource(IRowSource source, RowPart part)
    {
        (this.source, this.part) = (source, part);
        source.Skip(part.First);
    }

    public long? RowCount => source.RowCount is { } n ? Math.Max(0, (n - part.First - part.Index + part.Count - 1) / part.Count) : null;

    public IReadOnlyList<string> IgnoredColumns => source.IgnoredColumns;

    public bool CanGoOn => source is ISkippingSource { CanGoOn: true };

    public Pipeline.PipelineReport? Report => (source as IReportingSource)?.Report;

    public TensorValue[]? Read(int maxRows)
    {
        while (Next((int)Math.Clamp((long)maxRows * part.Count, 1, Math.Max(MostRead, maxRows))) is { } chunk)
        {
            var rows = chunk.First(static c => c.Rank > 0).Dimensions[0];
            var first = (int)((((part.Index - position) % part.Count) + part.Count) % part.Count);
            position += rows;
            var kept = rows <= first ? 0 : (int)((rows - first - 1) / part.Count) + 1;
            if (part.Count == 1)
            {
                return chunk;
            }

            var chosen = kept == 0 ? null : chunk.Select(c => Choose(c, rows, first, kept)).ToArray();
            Array.ForEach(chunk, static c => c.Dispose());
            if (chosen is not null)
            {
                return chosen;
            }
        }

        return null;
    }

    /// <summary>Passes over rows of the part; ones that cannot be read count too.</summary>
    public void Skip(long rows)
    {
        // Up to the row before the next one of the part.
        var target = position + ((((part.Index - position) % part.Count) + part.Count) % part.Count) + (rows * part.Count) - (part.Count - 1);
        if (rows > 0)
        {
            source.Skip(target - position);
            position = target;
        }
    }

    public void Dispose() => source.Dispose();

    private TensorValue[]? Next(int maxRows)
    {
        while (true)
        {
            try
            {
                return source.Read(maxRows);
            }
            catch (TfRunnerException) when (CanGoOn)
            {
                if (position++ % part.Count == part.Index)
                {
                    throw;
                }
            }
        }
    }

    private TensorValue Choose(TensorValue tensor, long rows, int first, int kept)
    {
        if (tensor.Rank == 0 || tensor.Dimensions[0] != rows)
        {
            return tensor.Clone();
        }

        var chosen = TensorValue.Allocate(tensor.DType, [kept, .. tensor.Dimensions[1..]]);
        for (var i = 0; i < kept; i++)
        {
            chosen.CopyRows(tensor, first + ((long)i * part.Count), i, 1);
        }

        return chosen;
    }
}
