using TfRunner.Data.Pipeline.Stages;

namespace TfRunner.Data.Formats;

/// <summary>Rows in mixed order, as <see cref="Pipeline.Dataset{T}.Shuffle"/> has it: a buffer of rows, of which a random one goes and the next takes its place.</summary>
public sealed class ShuffledRowSource : IRowSource, ISkippingSource, IReportingSource
{
    private const int ReadRows = 256;
    private readonly IRowSource source;
    private readonly int bufferRows;
    private SplitMix64 random;
    private TensorValue[]? buffer;
    private int filled;
    private TensorValue[]? chunk;
    private long at;
    private bool ended;

    /// <summary>Mixes rows.</summary>
    /// <param name="source">The rows; disposed with this.</param>
    /// <param name="seed">Decides the order; the same seed gives the same order on every machine.</param>
    /// <param name="bufferRows">Rows to choose from, at least 1; all rows for a perfect mix. They are held in memory.</param>
    public ShuffledRowSource(IRowSource source, ulong seed, int bufferRows)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferRows, 1);
        this.source = source;
        this.bufferRows = source.RowCount is { } n ? (int)Math.Clamp(n, 1, bufferRows) : bufferRows;
        random = new(seed);
    }

    /// <inheritdoc/>
    public long? RowCount => source.RowCount;

    /// <inheritdoc/>
    public IReadOnlyList<string> IgnoredColumns => source.IgnoredColumns;

    /// <inheritdoc/>
    public bool CanGoOn => source is ISkippingSource { CanGoOn: true };

    /// <inheritdoc/>
    public Pipeline.PipelineReport? Report => (source as IReportingSource)?.Report;

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        while (filled < bufferRows && Fetch())
        {
            var rows = Math.Min(bufferRows - filled, chunk![0].Dimensions[0] - at);
            buffer ??= [.. chunk.Select(c => TensorValue.Allocate(c.DType, [bufferRows, .. c.Dimensions[1..]]))];
            Copy(chunk, at, buffer, filled, rows);
            filled += (int)rows;
            at += rows;
        }

        if (filled == 0)
        {
            return null;
        }

        var result = buffer!.Select(c => TensorValue.Allocate(c.DType, [maxRows, .. c.Dimensions[1..]])).ToArray();
        var given = 0;
        for (; given < maxRows && filled > 0; given++)
        {
            // What cannot be read is told between two reads, and then the buffer is still whole.
            var hasNext = given == 0 || at < (chunk?[0].Dimensions[0] ?? 0) || ended;
            if (!hasNext)
            {
                break;
            }

            var more = Fetch();
            var chosen = random.Below(filled);
            Copy(buffer!, chosen, result, given, 1);
            if (more)
            {
                Copy(chunk!, at++, buffer!, chosen, 1);
            }
            else
            {
                filled--;
                Copy(buffer!, filled, buffer!, chosen, 1);
            }
        }

        if (given == maxRows)
        {
            return result;
        }

        TensorValue[] shorter = [.. result.Select(t => TensorRows.Take(t, 0, given))];
        Array.ForEach(result, static t => t.Dispose());
        return shorter;
    }

    /// <inheritdoc/>
    public void Skip(long rows)
    {
        while (rows > 0 && Read((int)Math.Min(rows, ReadRows)) is { } passed)
        {
            rows -= passed[0].Dimensions[0];
            Array.ForEach(passed, static t => t.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(buffer ?? [], static t => t.Dispose());
        Array.ForEach(chunk ?? [], static t => t.Dispose());
        source.Dispose();
    }

    private static void Copy(TensorValue[] from, long fromRow, TensorValue[] to, long toRow, long rows)
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (!from[i].Dimensions[1..].SequenceEqual(to[i].Dimensions[1..]))
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"rows of shape {TensorShape.Format(from[i].Dimensions[1..])} cannot be mixed with rows of {TensorShape.Format(to[i].Dimensions[1..])}", "pad the rows to one length, or leave --shuffle out");
            }

            to[i].CopyRows(from[i], fromRow, toRow, rows);
        }
    }

    private bool Fetch()
    {
        if (!ended && (chunk is null || at >= chunk[0].Dimensions[0]))
        {
            Array.ForEach(chunk ?? [], static t => t.Dispose());
            chunk = null;
            chunk = source.Read(ReadRows);
            at = 0;
            ended = chunk is null;
        }

        return !ended;
    }
}
