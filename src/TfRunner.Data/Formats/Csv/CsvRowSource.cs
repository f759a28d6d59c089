using System.Buffers;
using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Formats.Csv;

/// <summary>
/// Rows of a CSV file with a header, quoted as RFC 4180 says, in flat memory. Blocks of records are parsed side by side, ahead
/// of the reading and in the order of the file. A record that cannot be read costs that record only.
/// </summary>
public sealed class CsvRowSource : IRowSource, ISkippingSource, IReportingSource
{
    private static readonly byte[] Delimiters = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    private readonly CsvBlockReader reader;
    private readonly CsvParser parser;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly int parallelCalls;
    private readonly PipelineOptions options;
    private RunningDataset<CsvBlock>? run;
    private IAsyncEnumerator<CsvBlock>? blocks;
    private CsvBlock? block;
    private int at;
    private int failuresSeen;
    private long record;

    private CsvRowSource(CsvBlockReader reader, CsvParser parser, IReadOnlyList<TensorSpec> inputs, int parallelCalls, PipelineOptions options)
    {
        (this.reader, this.parser, this.inputs, this.parallelCalls, this.options) = (reader, parser, inputs, parallelCalls, options);
        IgnoredColumns = parser.Ignored;
    }

    /// <inheritdoc/>
    public long? RowCount => null;

    /// <inheritdoc/>
    public IReadOnlyList<string> IgnoredColumns { get; }

    /// <inheritdoc/>
    public bool CanGoOn { get; private set; } = true;

    /// <inheritdoc/>
    public PipelineReport? Report => run?.Report();

    /// <summary>Opens CSV text.</summary>
    /// <param name="stream">UTF-8 text, or UTF-16 with a byte order mark; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="delimiter">What separates columns; null finds out from the header: comma, semicolon, tab or bar.</param>
    /// <param name="defaults">What stands in for missing columns and empty fields.</param>
    /// <param name="parallelCalls">Blocks parsed at once, at least 1, or <see cref="Dataset.Auto"/>.</param>
    /// <param name="options">How blocks are read ahead.</param>
    /// <returns>The source.</returns>
    /// <exception cref="TfRunnerException">NotFound when an input has no column; DataLoss when there is no header.</exception>
    public static CsvRowSource Open(
        Stream stream,
        string path,
        IReadOnlyList<TensorSpec> inputs,
        char? delimiter = null,
        ColumnDefaults? defaults = null,
        int parallelCalls = Dataset.Auto,
        PipelineOptions? options = null)
    {
        CsvBlockReader? reader = null;
        try
        {
            reader = new(stream, path);
            var first = reader.Next() ?? throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} is empty: it needs a header line with the names of the inputs");
            var separator = delimiter is { } given ? (byte)given : Guess(first);
            reader.Delimiter = separator;
            var end = CsvRecord.End(first, separator, out _);
            var header = CsvParser.Header(first.AsSpan(0, end), separator);
            reader.PutBack(first.AsSpan(end));
            ArrayPool<byte>.Shared.Return(first.Array!);
            return new(reader, new(path, header, separator, inputs, defaults ?? ColumnDefaults.None), inputs, parallelCalls, options ?? new());
        }
        catch
        {
            if (reader is null)
            {
                stream?.Dispose();
            }

            reader?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        TensorValue[]? chunk = null;
        var rows = 0;
        while (rows < maxRows && Fetch())
        {
            var good = GoodRows();
            if (good == 0)
            {
                if (rows > 0)
                {
                    // The rows before the bad one count; the error comes in its place.
                    break;
                }

                record++;
                throw block!.Failures[failuresSeen++].Error(record);
            }

            var take = Math.Min(maxRows - rows, good);
            chunk ??= [.. block!.Columns.Select(c => TensorValue.Allocate(c.DType, [maxRows, .. c.Dimensions[1..]]))];
            for (var i = 0; i < chunk.Length; i++)
            {
                chunk[i].CopyRows(block!.Columns[i], at, rows, take);
            }

            rows += take;
            at += take;
            record += take;
        }

        if (chunk is null || rows == maxRows)
        {
            return chunk;
        }

        TensorValue[] shorter = [.. chunk.Select(t => TensorRows.Take(t, 0, rows))];
        Array.ForEach(chunk, static t => t.Dispose());
        return shorter;
    }

    /// <summary>Passes over rows; ones that cannot be read count too.</summary>
    /// <inheritdoc/>
    public void Skip(long rows)
    {
        while (rows > 0 && Fetch())
        {
            var good = GoodRows();
            var take = good == 0 ? 1 : (int)Math.Min(rows, good);
            failuresSeen += good == 0 ? 1 : 0;
            at += good == 0 ? 0 : take;
            record += take;
            rows -= take;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        blocks?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        run?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Drop();
        reader.Dispose();
    }

    private static byte Guess(ReadOnlySpan<byte> text)
    {
        var best = Delimiters[0];
        var most = 0;
        foreach (var candidate in Delimiters)
        {
            var end = CsvRecord.End(text, candidate, out _);
            var count = CsvParser.Header(text[..end], candidate).Length;
            if (count > Math.Max(most, 1))
            {
                (best, most) = (candidate, count);
            }
        }

        return best;
    }

    /// <summary>Rows of the block before its next failure or end.</summary>
    private int GoodRows() => (failuresSeen < block!.Failures.Count ? block.Failures[failuresSeen].After : block.Rows) - at;

    private bool Fetch()
    {
        if (run is null)
        {
            run = Dataset.From(Blocks(), "read").Map(parser.Parse, parallelCalls, name: "parse").Start(options);
            blocks = run.GetAsyncEnumerator();
        }

        while (block is null || (at >= block.Rows && failuresSeen >= block.Failures.Count))
        {
            Drop();
            (at, failuresSeen) = (0, 0);
            bool more;
            try
            {
                more = blocks!.MoveNextAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (TfRunnerException)
            {
                // Where the next record starts is not known any more.
                CanGoOn = false;
                throw;
            }

            if (!more)
            {
                return false;
            }

            block = blocks.Current;
        }

        return true;
    }

    private IEnumerable<ArraySegment<byte>> Blocks()
    {
        while (reader.Next() is { } bytes)
        {
            yield return bytes;
        }
    }

    private void Drop()
    {
        Array.ForEach(block?.Columns ?? [], static t => t.Dispose());
        block = null;
    }
}
