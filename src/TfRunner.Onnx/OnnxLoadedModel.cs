using TfRunner.Engines;
using TfRunner.Onnx.Conversion;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Storage;
using TfRunner.Onnx.Execution;

namespace TfRunner.Onnx;

/// <summary>A model on the onnx engine. Signatures are converted when they are prepared.</summary>
internal sealed class OnnxLoadedModel : ILoadedModel
{
    private readonly SavedModel model;
    private readonly EngineOptions options;

    public OnnxLoadedModel(SavedModel model, EngineOptions options)
    {
        this.model = model;
        this.options = options;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Obstacles(Signature signature, string mode)
    {
        try
        {
            return SignatureConverter.Convert(model, signature, Options(mode)).Obstacles;
        }
        catch (TfRunnerException e)
        {
            return [e.Message];
        }
    }

    /// <inheritdoc/>
    public IPreparedSignature Prepare(Signature signature, string mode)
    {
        var program = Program(signature, mode);
        try
        {
            return Open(program, signature, mode);
        }
        catch (TfRunnerException) when (program.Steps.OfType<StoredOnnxStep>().Any(static s => !File.Exists(s.File)))
        {
            // Another process made room in the cache between finding the program and opening it.
            return Open(Program(signature, mode), signature, mode);
        }
    }

    private OnnxPrepared Open(ConvertedProgram program, Signature signature, string mode) => new(
        new SessionFactory(options, mode, signature.Name).Create(program),
        profile => new SessionFactory(options, mode, signature.Name, profile).Create(program));

    private ConvertedProgram Program(Signature signature, string mode)
    {
        // Op by op the nodes themselves are needed, which the cache does not keep.
        var conversion = Options(mode);
        var cache = mode == OnnxModes.Eager ? null : ConversionCache.Open(options.CacheDirectory, options.CacheBytes);
        var key = cache is null ? string.Empty : ConversionCache.Key(model, signature, conversion);
        if (cache?.Find(key) is { } found)
        {
            return found;
        }

        var result = SignatureConverter.Convert(model, signature, conversion);
        if (result.Obstacles.Count > 0)
        {
            throw new TfRunnerException(
                ErrorCode.Unimplemented,
                ErrorStage.Load,
                $"the onnx engine cannot run signature '{signature.Name}': {result.Obstacles[0]}"
                    + (result.Obstacles.Count > 1 ? FormattableString.Invariant($" (and {result.Obstacles.Count - 1} more)") : string.Empty),
                result.Obstacles.Any(static o => o.Contains("Python interpreter", StringComparison.Ordinal))
                    ? "export the model without tf.py_function and tf.numpy_function"
                    : "use --engine tensorflow; 'tfrunner inspect' lists every op that stands in the way");
        }

        return cache?.Add(key, result.Program, conversion) ?? result.Program;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static ConversionOptions Options(string mode) => new() { Optimize = mode == OnnxModes.Compiled };
}
