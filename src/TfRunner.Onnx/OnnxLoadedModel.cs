using System.Collections.Concurrent;
using TfRunner.Engines;
using TfRunner.Onnx.Conversion;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Storage;
using TfRunner.Onnx.Execution;

namespace TfRunner.Onnx;

/// <summary>A model on the onnx engine. Signatures are converted when they are prepared.</summary>
internal sealed class OnnxLoadedModel : ILoadedModel, ISignatureNotes
{
    private readonly ConcurrentDictionary<(string Signature, bool Optimize), (IReadOnlyList<string> Obstacles, IReadOnlyList<string> Notes)> found = new();
    private readonly SavedModel model;
    private readonly EngineOptions options;

    public OnnxLoadedModel(SavedModel model, EngineOptions options)
    {
        this.model = model;
        this.options = options;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Obstacles(Signature signature, string mode) => Look(signature, mode).Obstacles;

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes(Signature signature, string mode) => Look(signature, mode).Notes;

    /// <inheritdoc/>
    public IPreparedSignature Prepare(Signature signature, string mode)
    {
        // Op by op the nodes themselves are needed, which the cache does not keep.
        var program = Program(signature, mode, mode == OnnxModes.Eager ? null : ConversionCache.Open(options.CacheDirectory, options.CacheBytes));
        try
        {
            return Open(program, signature, mode);
        }
        catch (TfRunnerException) when (program.Steps.OfType<StoredOnnxStep>().Any())
        {
            // Another process made room in the cache between finding the program and opening it, and may have put the same
            // entry back by now; or the file is damaged. What is wrong with the model itself comes out again.
            return Open(Program(signature, mode, null), signature, mode);
        }
    }

    private OnnxPrepared Open(ConvertedProgram program, Signature signature, string mode) => new(
        new SessionFactory(options, mode, signature.Name).Create(program),
        profile => new SessionFactory(options, mode, signature.Name, profile).Create(program));

    private (IReadOnlyList<string> Obstacles, IReadOnlyList<string> Notes) Look(Signature signature, string mode)
    {
        var conversion = Options(mode);
        return found.GetOrAdd((signature.Name, conversion.Optimize), _ =>
        {
            try
            {
                var result = SignatureConverter.Convert(model, signature, conversion);
                return (result.Obstacles, Notes(result));
            }
            catch (TfRunnerException e)
            {
                return ([e.Message], []);
            }
        });
    }

    /// <summary>Which ops run in C#, one line per op, with where the first of them is.</summary>
    private static List<string> Notes(ConversionResult result) =>
        [.. result.HostParts.GroupBy(static p => p.Op).Select(static g => g.Count() == 1
            ? $"runs {g.First().Place} in C#: {g.First().Reason}"
            : FormattableString.Invariant($"runs {g.Count()} of {g.Key} in C#, the first at {g.First().Place}: {g.First().Reason}"))];

    private ConvertedProgram Program(Signature signature, string mode, ConversionCache? cache)
    {
        var conversion = Options(mode);
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
