using System.Globalization;
using System.Text;
using TfRunner.Cli.Output;
using TfRunner.Data.Formats;

namespace TfRunner.Cli.Prediction;

/// <summary>Keeps the first rows and prints them as a table once all are there.</summary>
internal sealed class PreviewSink(IReadOnlyList<TensorSpec> outputs, IReadOnlyList<string>? labels, int topK) : IRowSink
{
    private const int ShownRows = 10;
    private const int ShownValues = 8;
    private readonly List<TensorValue[]> kept = [];
    private long keptRows;
    private long rows;
    private long[][]? shapes;
    private bool isCall;

    public void Write(IReadOnlyList<TensorValue> chunk)
    {
        shapes ??= [.. chunk.Select(static o => o.Dimensions[1..].ToArray())];
        var count = chunk[0].Dimensions[0];
        rows += count;
        if (keptRows < ShownRows && count > 0)
        {
            var take = Math.Min(ShownRows - keptRows, count);
            kept.Add([.. chunk.Select(o => TensorRows.Take(o, 0, take))]);
            keptRows += take;
        }
    }

    public void WriteCall(IReadOnlyList<TensorValue> chunk)
    {
        isCall = true;
        Write([.. chunk.Select(static o => o.Reshape([1, .. o.Dimensions]))]);
    }

    public void Complete()
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            long[] shape = isCall ? shapes![i] : [rows, .. shapes?[i] ?? []];
            Console.Out.WriteLine($"{outputs[i].Name}: {outputs[i].DType.Name()} {TensorShape.Format(shape)}");
        }

        if (rows == 0)
        {
            return;
        }

        Console.Out.WriteLine();
        var headers = new List<string> { ">row" };
        for (var i = 0; i < outputs.Count; i++)
        {
            headers.AddRange(Headers(i));
        }

        TextTable.Write(Console.Out, headers, Rows());
        if (rows > keptRows)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"... {rows - keptRows:N0} more row{(rows - keptRows == 1 ? string.Empty : "s")}; --output FILE writes all"));
        }
    }

    public void Dispose()
    {
        foreach (var tensor in kept.SelectMany(static c => c))
        {
            tensor.Dispose();
        }
    }

    private static string Number(TensorValue tensor, int index)
    {
        var text = tensor.DType switch
        {
            DType.Float32 => tensor.AsSpan<float>()[index].ToString("G5", CultureInfo.InvariantCulture),
            DType.Float64 => tensor.AsSpan<double>()[index].ToString("G7", CultureInfo.InvariantCulture),
            DType.Float16 => ((float)tensor.AsSpan<Half>()[index]).ToString("G4", CultureInfo.InvariantCulture),
            DType.BFloat16 => tensor.AsSpan<BFloat16>()[index].ToSingle().ToString("G3", CultureInfo.InvariantCulture),
            DType.String => Printable(tensor.Strings[index]),
            _ => Element(tensor, index),
        };
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    /// <summary>Text of a model is not trusted: control characters could drive the terminal.</summary>
    private static string Printable(byte[] bytes)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(bytes));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                text[i] = '\u00B7';
            }
        }

        return text.ToString();
    }

    private static string Element(TensorValue tensor, int index)
    {
        using var one = TensorValue.Allocate(tensor.DType, 1);
        one.CopyRows(tensor.Reshape(tensor.Length), index, 0, 1);
        return JsonText.Of(one);
    }

    private bool IsLabelled(int output) =>
        labels is not null && shapes![output] is [var classes] && classes == labels.Count && outputs[output].DType.IsFloating();

    private IEnumerable<string> Headers(int output)
    {
        var name = outputs[output].Name;
        if (IsLabelled(output))
        {
            return Enumerable.Range(1, Math.Min(topK, labels!.Count))
                .SelectMany(k => new[] { k == 1 ? "label" : string.Create(CultureInfo.InvariantCulture, $"label {k}"), ">" + name });
        }

        return shapes![output] switch
        {
            [] => [">" + name],
            [> 0 and <= ShownValues and var width] => Enumerable.Range(0, (int)width).Select(k => string.Create(CultureInfo.InvariantCulture, $">{name}[{k}]")),
            _ => [name],
        };
    }

    private IEnumerable<List<string>> Rows()
    {
        var row = 0L;
        foreach (var chunk in kept)
        {
            for (var r = 0; r < chunk[0].Dimensions[0]; r++)
            {
                var cells = new List<string> { row++.ToString(CultureInfo.InvariantCulture) };
                for (var i = 0; i < chunk.Length; i++)
                {
                    cells.AddRange(Cells(i, chunk[i], r));
                }

                yield return cells;
            }
        }
    }

    private IEnumerable<string> Cells(int output, TensorValue tensor, int row)
    {
        var width = (int)(tensor.Length / tensor.Dimensions[0]);
        var first = row * width;
        if (IsLabelled(output))
        {
            return Enumerable.Range(0, width)
                .OrderByDescending(k => JsonText.AsDouble(tensor, first + k))
                .Take(topK)
                .SelectMany(k => new[] { labels![k], Number(tensor, first + k) });
        }

        if (shapes![output] is [] or [> 0 and <= ShownValues])
        {
            return Enumerable.Range(first, width).Select(k => Number(tensor, k));
        }

        var shown = Enumerable.Range(first, Math.Min(width, ShownValues)).Select(k => Number(tensor, k));
        return [$"{TensorShape.Format(shapes[output])} {string.Join(' ', shown)}{(width > ShownValues ? " ..." : string.Empty)}"];
    }
}
