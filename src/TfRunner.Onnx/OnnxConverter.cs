using TfRunner.Onnx.Conversion;
using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx;

/// <summary>Converts signatures to ONNX models that any ONNX runtime loads.</summary>
public static class OnnxConverter
{
    /// <summary>Converts a signature. Nothing is written yet.</summary>
    /// <param name="savedModel">The model; stays open as long as the result is used, which has views of its weights.</param>
    /// <param name="signature">One of its signatures.</param>
    /// <param name="options">How; null takes the defaults. Assertions in the graph are left out: ONNX has none.</param>
    /// <returns>The model.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for an opset out of range; Unimplemented, naming the ops, when the
    /// signature cannot be converted, or not as a whole because parts of it run in C#; DataLoss when the model is damaged.</exception>
    public static OnnxModel Convert(SavedModel savedModel, Signature signature, ConversionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(savedModel);
        ArgumentNullException.ThrowIfNull(signature);
        options ??= new();
        if (options.Opset is < ConversionOptions.MinOpset or > ConversionOptions.MaxOpset)
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument,
                ErrorStage.Usage,
                FormattableString.Invariant($"opset {options.Opset} is not one of {ConversionOptions.MinOpset} to {ConversionOptions.MaxOpset}"));
        }

        var result = SignatureConverter.Convert(savedModel, signature, options with { KeepsChecks = false });
        if (result.Obstacles.Count > 0)
        {
            throw Refusal(signature, "cannot be converted", result.Obstacles);
        }

        if (!result.Program.IsPureOnnx)
        {
            throw Refusal(signature, "is no ONNX model as a whole, because the onnx engine runs parts of it in C#", [.. result.HostParts.Select(static p => p.ToString())]);
        }

        return new(WholeModel.Of(result.Program, signature), options.Opset);
    }

    private static TfRunnerException Refusal(Signature signature, string what, IReadOnlyList<string> reasons) => new(
        ErrorCode.Unimplemented,
        ErrorStage.Load,
        $"signature '{signature.Name}' {what}: {string.Join("; ", reasons.Take(5))}"
            + (reasons.Count > 5 ? FormattableString.Invariant($" (and {reasons.Count - 5} more)") : string.Empty),
        "predict with --engine onnx or --engine tensorflow, which need no file");
}
