namespace TfRunner.Data.Formats;

/// <summary>The rows of several files of one format, one file after the other.</summary>
internal sealed class ChainedRowSource(IReadOnlyList<string> paths, Func<string, IRowSource> open) : IRowSource, ISkippingSource, IReportingSource
{
    private IRowSource current = open(paths[0]);
    private int at;

    public long? RowCount => null;

    public IReadOnlyList<string> IgnoredColumns => current.IgnoredColumns;

    public bool CanGoOn => current is ISkippingSource { CanGoOn: true };

    public Pipeline.PipelineReport? Report => (current as IReportingSource)?.Report;

    public TensorValue[]? Read(int maxRows)
    {
        while (true)
        {
            if (current.Read(maxRows) is { } chunk)
            {
                return chunk;
            }

            if (!Next())
            {
                return null;
            }
        }
    }

    public void Skip(long rows)
    {
        // Not every format knows how many rows a skip has passed, so rows are read and dropped; bad ones count too.
        while (rows > 0)
        {
            try
            {
                if (Read((int)Math.Min(rows, 4096)) is not { } chunk)
                {
                    return;
                }

                rows -= chunk[0].Dimensions[0];
                Array.ForEach(chunk, static t => t.Dispose());
            }
            catch (TfRunnerException) when (CanGoOn)
            {
                rows--;
            }
        }
    }

    public void Dispose() => current.Dispose();

    private bool Next()
    {
        if (at + 1 >= paths.Count)
        {
            return false;
        }

        current.Dispose();
        current = open(paths[++at]);
        return true;
    }
}
