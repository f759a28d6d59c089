using System.Text;
using Sylvan.Data.Csv;

namespace TfRunner.Data.Formats.Csv;

/// <summary>Rows of a CSV file with a header, quoted as RFC 4180 says, read in flat memory.</summary>
public sealed class CsvRowSource : IRowSource, ISkippingSource
{
    private readonly CsvDataReader reader;
    private readonly string path;
    private readonly List<CsvColumns> columns;
    private readonly int columnCount;
    private long row;
    private TfRunnerException? failure;

    private CsvRowSource(CsvDataReader reader, string path, IReadOnlyList<TensorSpec> inputs)
    {
        this.reader = reader;
        this.path = path;
        columnCount = reader.FieldCount;
        var header = Enumerable.Range(0, columnCount).Select(reader.GetName).ToList();
        columns = [.. inputs.Select(i => CsvColumns.Match(i, header, path))];
        var used = columns.SelectMany(static c => c.Columns).ToHashSet();
        IgnoredColumns = [.. header.Where((_, i) => !used.Contains(i))];
    }

    /// <inheritdoc/>
    public long? RowCount => null;

    /// <inheritdoc/>
    public IReadOnlyList<string> IgnoredColumns { get; }

    /// <inheritdoc/>
    public bool CanGoOn { get; private set; } = true;

    /// <summary>Opens CSV text.</summary>
    /// <param name="stream">UTF-8 text; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="delimiter">What separates columns; null finds out.</param>
    /// <returns>The source.</returns>
    /// <exception cref="TfRunnerException">NotFound when an input has no column; DataLoss when there is no header.</exception>
    public static CsvRowSource Open(Stream stream, string path, IReadOnlyList<TensorSpec> inputs, char? delimiter = null)
    {
        var text = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: false), detectEncodingFromByteOrderMarks: true, 1 << 16);
        CsvDataReader? reader = null;
        try
        {
            reader = CsvDataReader.Create(text, new CsvDataReaderOptions
            {
                HasHeaders = true,
                Delimiter = delimiter,
                BufferSize = 1 << 16,
                MaxBufferSize = 1 << 26,
                OwnsReader = true,
            });
            if (reader.FieldCount == 0)
            {
                throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} is empty: it needs a header line with the names of the inputs");
            }

            return new(reader, path, inputs);
        }
        catch (Exception e)
        {
            reader?.Dispose();
            text.Dispose();
            throw e is CsvFormatException ? Malformed(path, 0, e) : e;
        }
    }

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (failure is { } before)
        {
            failure = null;
            throw before;
        }

        var chunk = columns.ConvertAll(c => TensorValue.Zeros(c.Input.DType, [maxRows, .. c.RowShape]));
        try
        {
            var rows = 0;
            try
            {
                while (rows < maxRows && Next())
                {
                    for (var i = 0; i < chunk.Count; i++)
                    {
                        Fill(columns[i], chunk[i], rows);
                    }

                    rows++;
                }
            }
            catch (TfRunnerException e) when (rows > 0)
            {
                // The rows before the bad one count; the error comes in its place.
                failure = e;
            }

            return rows == 0 ? null : [.. chunk.Select(t => TensorRows.Take(t, 0, rows))];
        }
        finally
        {
            chunk.ForEach(static t => t.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Skip(long rows)
    {
        while (rows-- > 0 && Next())
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private static TfRunnerException Malformed(string path, long row, Exception e) =>
        TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{path}, row {row + 1}: not CSV as RFC 4180 has it: {e.Message}", null, e);

    private bool Next()
    {
        try
        {
            // An empty line is no row of a table with several columns.
            do
            {
                if (!reader.Read())
                {
                    return false;
                }
            }
            while (reader.RowFieldCount <= 1 && columnCount > 1 && reader.GetFieldSpan(0).IsEmpty);
        }
        catch (Exception e) when (e is CsvFormatException or CsvRecordTooLargeException)
        {
            // Where the next row starts is not known any more.
            CanGoOn = false;
            throw Malformed(path, row, e);
        }

        row++;
        return reader.RowFieldCount == columnCount
            ? true
            : throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                $"{path}, row {row}: {reader.RowFieldCount} columns where the header has {columnCount}",
                "a value with a comma needs quotes");
    }

    private void Fill(CsvColumns source, TensorValue target, int rowInChunk)
    {
        var width = source.Columns.Length;
        for (var k = 0; k < width; k++)
        {
            var text = reader.GetFieldSpan(source.Columns[k]);
            if (!ElementText.TryParse(text, target, (rowInChunk * width) + k))
            {
                throw TfRunnerException.ForData(
                    ErrorCode.InvalidArgument,
                    $"{path}, row {row}, column '{reader.GetName(source.Columns[k])}': '{text}' is no {source.Input.DType.Name()}",
                    text.IsEmpty ? "a missing value has no number; fill it first" : null);
            }
        }
    }
}
