using System.Text;
using System.Text.Json;

namespace TfRunner.Data.Formats.JsonLines;

/// <summary>Rows of a JSON lines file: one object per line, a key per input, nested arrays for dimensions.</summary>
public sealed class JsonLinesRowSource : IRowSource, ISkippingSource
{
    private readonly StreamReader reader;
    private readonly string path;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly ColumnDefaults defaults;
    private readonly List<string> ignored = [];
    private long line;
    private TfRunnerException? failure;

    /// <summary>Opens JSON lines.</summary>
    /// <param name="stream">UTF-8 text; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="defaults">What stands in for missing keys and nulls.</param>
    public JsonLinesRowSource(Stream stream, string path, IReadOnlyList<TensorSpec> inputs, ColumnDefaults? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        this.defaults = defaults ?? ColumnDefaults.None;
        foreach (var input in inputs)
        {
            // A default that is no value is told before the first row.
            this.defaults.One(input)?.Dispose();
        }

        reader = new(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, 1 << 16);
        this.path = path;
        this.inputs = inputs;
    }

    /// <inheritdoc/>
    public long? RowCount => null;

    /// <summary>Keys met so far that no input takes; complete when all rows have been read.</summary>
    public IReadOnlyList<string> IgnoredColumns => ignored;

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (failure is { } before)
        {
            failure = null;
            throw before;
        }

        var rows = inputs.Select(static _ => new List<TensorValue>()).ToArray();
        try
        {
            try
            {
                while (rows[^1].Count < maxRows && NextLine() is { } text)
                {
                    ReadRow(text, rows);
                }
            }
            catch (TfRunnerException e) when (rows[^1].Count > 0)
            {
                // The rows before the bad one count; the error comes in its place.
                failure = e;
            }
            finally
            {
                foreach (var column in rows)
                {
                    column.RemoveRange(rows[^1].Count, column.Count - rows[^1].Count);
                }
            }

            return rows[0].Count == 0 ? null : [.. rows.Select((r, i) => Stack(inputs[i], r))];
        }
        finally
        {
            foreach (var tensor in rows.SelectMany(static r => r))
            {
                tensor.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public bool CanGoOn => true;

    /// <inheritdoc/>
    public void Skip(long rows)
    {
        while (rows-- > 0 && NextLine() is not null)
        {
        }
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private string? NextLine()
    {
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (!string.IsNullOrWhiteSpace(text))
            {
                return text;
            }
        }

        return null;
    }

    private void ReadRow(string text, List<TensorValue>[] rows)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{path}, line {line}: not JSON: {e.Message}", "each line is one object with a key per input", e);
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{path}, line {line}: not a JSON object", "each line is one object with a key per input");
            }

            for (var i = 0; i < inputs.Count; i++)
            {
                if ((!root.TryGetProperty(inputs[i].Name, out var given) || given.ValueKind == JsonValueKind.Null)
                    && defaults.Rows(inputs[i], 1) is { } standIn)
                {
                    rows[i].Add(standIn.Reshape(standIn.Dimensions[1..]));
                    continue;
                }

                rows[i].Add(root.TryGetProperty(inputs[i].Name, out var value)
                    ? KeptColumn.Is(inputs[i]) && value.ValueKind != JsonValueKind.String
                        ? TensorValue.FromStrings([Encoding.UTF8.GetBytes(value.GetRawText())])
                        : JsonTensor.Read(value, inputs[i].DType, $"{path}, line {line}, key '{inputs[i].Name}'")
                    : throw TfRunnerException.ForData(
                        ErrorCode.NotFound,
                        $"{path}, line {line}: no key '{inputs[i].Name}' (input {inputs[i]})",
                        $"its keys are: {string.Join(", ", root.EnumerateObject().Select(static p => p.Name))}"));
            }

            foreach (var property in root.EnumerateObject())
            {
                if (!inputs.Any(i => i.Name == property.Name) && !ignored.Contains(property.Name))
                {
                    ignored.Add(property.Name);
                }
            }
        }
    }

    private TensorValue Stack(TensorSpec input, List<TensorValue> rows)
    {
        var dimensions = rows[0].Dimensions.ToArray();
        var odd = rows.FindIndex(r => !r.Dimensions.SequenceEqual(dimensions));
        if (odd >= 0)
        {
            throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                $"{path}: input '{input.Name}' has shape {TensorShape.Format(rows[odd].Dimensions)} in one row and {TensorShape.Format(dimensions)} in another of the same batch",
                "use --batch-size 1, or pad the rows to one length");
        }

        return TensorRows.Concatenate(rows.ConvertAll(r => r.Reshape([1, .. dimensions])));
    }
}
