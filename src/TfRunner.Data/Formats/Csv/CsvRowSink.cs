using System.Globalization;
using System.Text;

namespace TfRunner.Data.Formats.Csv;

/// <summary>
/// Writes outputs as CSV, quoted as RFC 4180 says: a column <c>name</c> for one value a row, <c>name[0]</c>, <c>name[1]</c>, ...
/// for more; dimensions beyond follow each other as <c>name[0][1]</c>.
/// </summary>
internal sealed class CsvRowSink(Stream stream, IReadOnlyList<string> names, Action complete, Action close) : IRowSink
{
    private readonly StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
    private readonly StringBuilder line = new();
    private long[][]? rowShapes;

    public void Write(IReadOnlyList<TensorValue> outputs)
    {
        if (rowShapes is null)
        {
            rowShapes = [.. outputs.Select(static o => o.Dimensions[1..].ToArray())];
            WriteHeader();
        }

        for (var i = 0; i < outputs.Count; i++)
        {
            if (!outputs[i].Dimensions[1..].SequenceEqual(rowShapes[i]))
            {
                throw TfRunnerException.ForData(
                    ErrorCode.InvalidArgument,
                    $"output '{names[i]}' has rows of shape {TensorShape.Format(outputs[i].Dimensions[1..])} after rows of {TensorShape.Format(rowShapes[i])}: no table holds both",
                    "write .jsonl");
            }
        }

        Span<char> number = stackalloc char[32];
        for (var row = 0; row < outputs[0].Dimensions[0]; row++)
        {
            line.Clear();
            var isFirst = true;
            foreach (var output in outputs)
            {
                var width = (int)(output.Length / output.Dimensions[0]);
                for (var k = row * width; k < (row + 1) * width; k++)
                {
                    line.Append(isFirst ? string.Empty : ",");
                    isFirst = false;
                    if (output.DType == DType.Float32 && float.IsFinite(output.AsSpan<float>()[k]) && output.AsSpan<float>()[k].TryFormat(number, out var length, default, CultureInfo.InvariantCulture))
                    {
                        line.Append(number[..length]);
                    }
                    else
                    {
                        AppendQuoted(ElementText.Format(output, k));
                    }
                }
            }

            writer.Write(line);
            writer.Write('\n');
        }
    }

    public void Complete()
    {
        writer.Flush();
        complete();
    }

    public void Dispose() => close();

    private void WriteHeader()
    {
        line.Clear();
        for (var i = 0; i < names.Count; i++)
        {
            foreach (var suffix in Suffixes(rowShapes![i]))
            {
                line.Append(line.Length == 0 ? string.Empty : ",");
                AppendQuoted(names[i] + suffix);
            }
        }

        writer.WriteLine(line);
    }

    private void AppendQuoted(string value)
    {
        if (value.AsSpan().IndexOfAny(",\"\r\n") < 0)
        {
            line.Append(value);
            return;
        }

        line.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static IEnumerable<string> Suffixes(long[] shape)
    {
        if (shape.Length == 0)
        {
            return [string.Empty];
        }

        var rest = Suffixes(shape[1..]).ToList();
        return Enumerable.Range(0, checked((int)shape[0]))
            .SelectMany(i => rest.Select(r => string.Create(CultureInfo.InvariantCulture, $"[{i}]{r}")));
    }
}
