using System.Buffers;
using System.Text;

namespace TfRunner.Data.Formats.Csv;

/// <summary>Parses blocks of records into tensors. Used from many threads at once.</summary>
internal sealed class CsvParser
{
    private readonly string path;
    private readonly string[] header;
    private readonly byte delimiter;
    private readonly List<CsvColumns> columns;
    private readonly TensorValue?[] defaults;

    // By column of the file: the input that it feeds, or -1, and which element of it.
    private readonly (int Input, int Element)[][] targets;

    /// <summary>Prepares for one file.</summary>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="header">The names of its columns.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="given">What stands in for missing values.</param>
    public CsvParser(string path, string[] header, byte delimiter, IReadOnlyList<TensorSpec> inputs, ColumnDefaults given)
    {
        (this.path, this.header, this.delimiter) = (path, header, delimiter);
        columns = [.. inputs.Select(i => CsvColumns.Match(i, header, path, given))];
        defaults = [.. inputs.Select(given.One)];
        targets = [.. header.Select((_, c) => columns
            .SelectMany((column, i) => column.Columns.Select((at, element) => (At: at, Input: i, Element: element)))
            .Where(t => t.At == c).Select(static t => (t.Input, t.Element)).ToArray())];
    }

    /// <summary>Columns that no input takes.</summary>
    public IReadOnlyList<string> Ignored => [.. header.Where((_, i) => targets[i].Length == 0)];

    /// <summary>Reads the fields of the header.</summary>
    public static string[] Header(ReadOnlySpan<byte> record, byte delimiter)
    {
        var names = new List<string>();
        var scratch = Array.Empty<byte>();
        record = record.TrimEnd("\r\n"u8);
        for (var at = 0; at <= record.Length;)
        {
            var length = CsvRecord.Field(record[at..], delimiter, out var isQuoted);
            names.Add(Encoding.UTF8.GetString(CsvRecord.Content(record.Slice(at, length), isQuoted, ref scratch, out _)).Trim());
            at += length + 1;
        }

        return [.. names];
    }

    /// <summary>Parses whole records.</summary>
    /// <param name="bytes">The records; given back to the shared pool.</param>
    /// <returns>The rows and errors.</returns>
    public CsvBlock Parse(ArraySegment<byte> bytes)
    {
        var text = bytes.AsSpan();
        var most = text.Count((byte)'\n') + 1;
        var tensors = columns.ConvertAll(c => TensorValue.Allocate(c.Input.DType, [most, .. c.RowShape])).ToArray();
        var failures = new List<(int, Func<long, TfRunnerException>)>();
        var rows = 0;
        var scratch = Array.Empty<byte>();
        try
        {
            for (var i = 0; i < columns.Count; i++)
            {
                if (columns[i].Columns.Length == 0)
                {
                    // The file lacks the column.
                    ColumnDefaults.Fill(tensors[i].Reshape(tensors[i].Length), defaults[i]!, 0, tensors[i].Length);
                }
            }

            while (!text.IsEmpty)
            {
                // An empty line is no row of a table with several columns.
                if (header.Length > 1 && (text[0] == '\n' || (text[0] == '\r' && (text.Length == 1 || text[1] == '\n'))))
                {
                    text = text[(text[0] == '\n' ? 1 : Math.Min(2, text.Length))..];
                    continue;
                }

                text = text[Record(text, tensors, rows, ref scratch, out var failure)..];
                if (failure is null)
                {
                    rows++;
                }
                else
                {
                    failures.Add((rows, failure));
                }
            }
        }
        catch
        {
            Array.ForEach(tensors, static t => t.Dispose());
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes.Array!);
        }

        return new(tensors, rows, failures);
    }

    private int Record(ReadOnlySpan<byte> text, TensorValue[] tensors, int row, ref byte[] scratch, out Func<long, TfRunnerException>? failure)
    {
        failure = null;
        var at = 0;
        for (var column = 0; ; column++)
        {
            var length = -1;
            if (failure is null && column < targets.Length && targets[column] is [var only])
            {
                length = Fast(text[at..], tensors[only.Input], (row * columns[only.Input].Columns.Length) + only.Element);
            }

            if (length < 0)
            {
                length = CsvRecord.Field(text[at..], delimiter, out var isQuoted);
                if (failure is null && column < targets.Length && targets[column].Length > 0)
                {
                    var isLast = at + length >= text.Length || text[at + length] == '\n';
                    var field = text.Slice(at, length);
                    field = isLast && field is [.., (byte)'\r'] ? field[..^1] : field;
                    failure = Field(field, isQuoted, column, tensors, row, ref scratch);
                }
            }

            at += length;
            if (at >= text.Length || text[at] == '\n')
            {
                if (column + 1 != header.Length)
                {
                    failure = WrongCount(column + 1);
                }

                return Math.Min(at + 1, text.Length);
            }

            at++;
        }
    }

    /// <summary>Reads a plain number that ends where the field does.</summary>
    /// <returns>The field's length; -1 when it must be read another way.</returns>
    private int Fast(ReadOnlySpan<byte> text, TensorValue target, int index)
    {
        int length;
        switch (target.DType)
        {
            case DType.Float32:
                length = DecimalNumber.TryRead(text, out target.AsSpan<float>()[index]);
                break;
            case DType.Float64:
                length = DecimalNumber.TryRead(text, out target.AsSpan<double>()[index]);
                break;
            case DType.Int64:
                length = DecimalNumber.TryRead(text, out target.AsSpan<long>()[index]);
                break;
            case DType.Int32:
                length = DecimalNumber.TryRead(text, out long whole);
                target.AsSpan<int>()[index] = unchecked((int)whole);
                length = whole == (int)whole ? length : 0;
                break;
            default:
                return -1;
        }

        // A line's carriage return belongs to its end.
        return length == 0 || length == text.Length || text[length] == delimiter || text[length] == '\n'
            ? length == 0 ? -1 : length
            : text[length] == '\r' && (length + 1 == text.Length || text[length + 1] == '\n') ? length + 1 : -1;
    }

    private Func<long, TfRunnerException>? Field(ReadOnlySpan<byte> field, bool isQuoted, int column, TensorValue[] tensors, int row, ref byte[] scratch)
    {
        var content = CsvRecord.Content(field, isQuoted, ref scratch, out var isGood);
        if (!isGood)
        {
            return Malformed(column);
        }

        foreach (var (input, element) in targets[column])
        {
            var target = tensors[input];
            var index = (row * columns[input].Columns.Length) + element;
            if (content.IsEmpty && defaults[input] is { } standIn)
            {
                ColumnDefaults.Fill(target.Reshape(target.Length), standIn, index, 1);
            }
            else if (target.IsString)
            {
                target.Strings[index] = content.ToArray();
            }
            else if (!TryParse(content, target, index))
            {
                return NoValue(Encoding.UTF8.GetString(content), column, target.DType);
            }
        }

        return null;
    }

    private static bool TryParse(ReadOnlySpan<byte> content, TensorValue target, int index)
    {
        // No number is longer.
        Span<char> characters = stackalloc char[512];
        return content.Length <= characters.Length
            && ElementText.TryParse(characters[..Encoding.UTF8.GetChars(content, characters)], target, index);
    }

    private Func<long, TfRunnerException> WrongCount(int count) => row => TfRunnerException.ForData(
        ErrorCode.InvalidArgument,
        FormattableString.Invariant($"{path}, row {row}: {count} columns where the header has {header.Length}"),
        "a value with a comma needs quotes");

    private Func<long, TfRunnerException> Malformed(int column) => row => TfRunnerException.ForData(
        ErrorCode.InvalidArgument,
        FormattableString.Invariant($"{path}, row {row}, column '{header[column]}': not CSV as RFC 4180 has it: a quote is not closed where the value ends"));

    private Func<long, TfRunnerException> NoValue(string text, int column, DType dtype) => row => TfRunnerException.ForData(
        ErrorCode.InvalidArgument,
        FormattableString.Invariant($"{path}, row {row}, column '{header[column]}': '{(text.Length <= 60 ? text : text[..57] + "...")}' is no {dtype.Name()}"),
        text.Length == 0 ? "a missing value has no number: fill it, or give it one with --default" : null);
}
