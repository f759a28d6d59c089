using System.Text;

namespace TfRunner.Data.Formats.Text;

/// <summary>Lines of a text file as strings, without their line ends.</summary>
public sealed class TextRowSource : BlockRowSource
{
    private const int BlockLines = 256;
    private readonly StreamReader reader;

    /// <summary>Opens a text.</summary>
    /// <param name="stream">UTF-8 text; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">One string input.</param>
    /// <exception cref="TfRunnerException">InvalidArgument for other inputs.</exception>
    public TextRowSource(Stream stream, string path, IReadOnlyList<TensorSpec> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        reader = new(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, 1 << 16);
        if (inputs is not [{ DType: DType.String }])
        {
            reader.Dispose();
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"the lines of {path} feed one string input, not {string.Join("; ", inputs)}", "use .csv or .jsonl");
        }

        Shape = inputs[0].Shape;
    }

    private TensorShape Shape { get; }

    /// <inheritdoc/>
    protected override TensorValue[]? NextBlock()
    {
        var lines = new List<byte[]>();
        while (lines.Count < BlockLines && reader.ReadLine() is { } line)
        {
            lines.Add(Encoding.UTF8.GetBytes(line));
        }

        return lines.Count == 0 ? null : [TensorValue.FromStrings(lines.ToArray(), Shape.IsRankKnown && Shape.Rank == 2 ? [lines.Count, 1] : [lines.Count])];
    }

    /// <inheritdoc/>
    protected override void Close() => reader.Dispose();
}
