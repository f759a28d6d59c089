using Microsoft.ML.OnnxRuntime;
using TfRunner.Engines;
using TfRunner.Onnx.Execution;

[assembly: EngineProvider(typeof(TfRunner.Onnx.OnnxEngineProvider))]

namespace TfRunner.Onnx;

/// <summary>The onnx engine: signatures are converted to ONNX here and run by ONNX Runtime, which comes with it.</summary>
public sealed class OnnxEngineProvider : IEngineProvider
{
    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public IReadOnlyList<string> Modes { get; } = [OnnxModes.Compiled, OnnxModes.Graph, OnnxModes.Eager];

    /// <inheritdoc/>
    public EngineAvailability Probe(EngineOptions options)
    {
        try
        {
            _ = OrtEnvironment.HasSharedThreads;
            return new(true, OrtEnv.Instance().GetVersionString(), null, null, ["ONNX Runtime comes with TfRunner"]);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
        {
            var reason = (e.InnerException ?? e).Message.Split('\n')[0];
            return new(false, null, null, $"ONNX Runtime's library cannot be loaded: {reason}", [reason]);
        }
    }

    /// <inheritdoc/>
    public IEngine Start(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = Probe(options);
        return found.IsAvailable
            ? new OnnxEngine(options, found.Version!)
            : throw new TfRunnerException(ErrorCode.Unavailable, ErrorStage.Engine, $"the onnx engine does not work here: {found.Reason}", "run 'tfrunner doctor'");
    }
}
