using System.Text.Json;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.JsonLines;

namespace TfRunner.Cli.Prediction;

/// <summary>One <c>--input</c>: a file or a literal value, for all inputs of a signature or for one of them.</summary>
/// <param name="Inputs">The inputs it feeds.</param>
/// <param name="Source">The file, <c>-</c>, or JSON.</param>
/// <param name="IsLiteral">Whether <paramref name="Source"/> is a JSON value.</param>
internal sealed record InputBinding(IReadOnlyList<TensorSpec> Inputs, string Source, bool IsLiteral)
{
    /// <summary>The columns that feed inputs under another name, by the inputs' names.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>Columns that go along into the output.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>How pictures are decoded.</summary>
    public PictureReading Pictures { get; init; } = new();

    /// <summary>Which rows are read, and what stands in for missing ones' values.</summary>
    public RowReading Reading { get; init; } = new();

    private List<TensorSpec> Columns => [.. Inputs.Select(i => Map.TryGetValue(i.Name, out var column) ? i with { Name = column } : i)];

    /// <summary>Whether whole arrays can be had, to be passed to one call as they are.</summary>
    public bool HoldsArrays => IsLiteral || InputFile.HoldsArrays(Source);

    /// <summary>Reads the options.</summary>
    /// <param name="signature">What is called.</param>
    /// <param name="texts">Each <c>X</c> or <c>name=X</c>.</param>
    /// <returns>The bindings, which together feed every input once.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when an input is fed twice or not at all.</exception>
    public static List<InputBinding> Parse(Signature signature, IReadOnlyList<string> texts)
    {
        var bindings = new List<InputBinding>();
        var rest = signature.Inputs.ToList();
        string? forAll = null;
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var named = equals > 0 ? rest.FirstOrDefault(i => i.Name == text[..equals]) : null;
            if (named is not null)
            {
                rest.Remove(named);
                var source = text[(equals + 1)..];
                bindings.Add(new([named], source, !File.Exists(source) && IsJson(source)));
                continue;
            }

            if (equals > 0 && !File.Exists(text) && !text.AsSpan(0, equals).ContainsAny('/', '\\', '.'))
            {
                throw Usage($"signature '{signature.Name}' has no input '{text[..equals]}' that is still free", Takes(signature));
            }

            forAll = forAll is null ? text : throw Usage($"--input {forAll} and --input {text} both feed all inputs", "bind each to one input: --input name=FILE");
        }

        if (forAll is not null)
        {
            bindings.Add(new(rest, forAll, IsLiteral: false));
        }
        else if (rest.Count > 0)
        {
            throw Usage(
                texts.Count == 0 ? "predict needs --input" : $"nothing feeds input '{rest[0].Name}' ({rest[0]})",
                Takes(signature));
        }

        return bindings;
    }

    /// <summary>Reads whole arrays.</summary>
    /// <param name="ignored">Receives keys that no input takes.</param>
    /// <returns>One per input; the caller disposes them.</returns>
    public TensorValue[] ReadArrays(out IReadOnlyList<string> ignored)
    {
        if (!IsLiteral)
        {
            return InputFile.ReadArrays(Source, Columns, out ignored);
        }

        ignored = [];
        using var document = JsonDocument.Parse(Source);
        return [JsonTensor.Read(document.RootElement, Inputs[0].DType, $"--input {Inputs[0].Name}=")];
    }

    /// <summary>Opens the binding as rows.</summary>
    /// <param name="format">The extension to go by; null takes the file's own.</param>
    /// <returns>The rows; the caller disposes them.</returns>
    public IRowSource OpenRows(string? format) =>
        IsLiteral ? new Data.Formats.Numpy.ArrayRowSource(Inputs, ReadArrays(out _), []) : InputFile.OpenRows(Source, [.. Columns, .. Keep.Select(KeptColumn.Spec)], format, Pictures, Reading);

    private static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Takes(Signature signature) => $"signature '{signature.Name}' takes {string.Join("; ", signature.Inputs)}";

    private static TfRunnerException Usage(string message, string hint) => new(ErrorCode.InvalidArgument, ErrorStage.Usage, message, hint);
}
