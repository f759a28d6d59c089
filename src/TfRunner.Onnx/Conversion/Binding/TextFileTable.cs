using System.Globalization;
using System.Text;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Conversion.Binding;

/// <summary>
/// Reads a table from a text file: one entry per line; a column index picks a delimited field, -2 is the whole line and
/// -1 the line's number plus an offset. Source: InitializeTableFromTextFileV2's registration.
/// </summary>
internal static class TextFileTable
{
    private const long WholeLine = -2;
    private const long LineNumber = -1;

    public static HostTable Read(FlowNode table, FlowNode filler, TensorValue fileName)
    {
        var path = Encoding.UTF8.GetString(fileName.Strings[0]);
        if (!File.Exists(path))
        {
            throw TfRunnerException.ForLoad(ErrorCode.NotFound, $"the table '{table.Name}' is read from {path}, which is not there");
        }

        var lines = Lines(File.ReadAllBytes(path));
        var offset = filler.Attributes.Int("offset");
        var size = filler.Attributes.Int("vocab_size", -1);
        lines = size > 0 && size < lines.Count ? lines.GetRange(0, (int)size) : lines;
        var delimiter = filler.Attributes.Text("delimiter", "\t");
        return new(
            Column(lines, filler.Attributes.Int("key_index", WholeLine), offset, delimiter, table.Attributes.DType("key_dtype"), table),
            Column(lines, filler.Attributes.Int("value_index", LineNumber), offset, delimiter, table.Attributes.DType("value_dtype"), table));
    }

    private static List<byte[]> Lines(byte[] bytes)
    {
        var lines = new List<byte[]>();
        var start = 0;
        while (start < bytes.Length)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', start);
            var stop = end < 0 ? bytes.Length : end;
            var last = stop > start && bytes[stop - 1] == '\r' ? stop - 1 : stop;
            lines.Add(bytes[start..last]);
            start = stop + 1;
        }

        return lines;
    }

    private static TensorValue Column(List<byte[]> lines, long index, long offset, string delimiter, DType dtype, FlowNode table)
    {
        if (index == LineNumber)
        {
            return TensorValue.From(Enumerable.Range(0, lines.Count).Select(i => i + offset).ToArray(), lines.Count);
        }

        var fields = index == WholeLine
            ? lines
            : lines.ConvertAll(l => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(l).Split(delimiter)[(int)index]));
        return dtype switch
        {
            DType.String => TensorValue.FromStrings([.. fields], fields.Count),
            DType.Int64 => TensorValue.From([.. fields.Select(static f => long.Parse(f, CultureInfo.InvariantCulture))], fields.Count),
            DType.Int32 => TensorValue.From([.. fields.Select(static f => int.Parse(f, CultureInfo.InvariantCulture))], fields.Count),
            DType.Float32 => TensorValue.From([.. fields.Select(static f => float.Parse(f, CultureInfo.InvariantCulture))], fields.Count),
            _ => throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"the table '{table.Name}' has {dtype.Name()} columns"),
        };
    }
}
