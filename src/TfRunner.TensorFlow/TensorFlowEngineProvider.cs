using TfRunner.Engines;
using TfRunner.TensorFlow.Library;

[assembly: EngineProvider(typeof(TfRunner.TensorFlow.TensorFlowEngineProvider))]

namespace TfRunner.TensorFlow;

/// <summary>Finds TensorFlow's native library and starts the tensorflow engine on it.</summary>
internal sealed class TensorFlowEngineProvider : IEngineProvider
{
    /// <inheritdoc/>
    public string Name => "tensorflow";

    /// <inheritdoc/>
    public IReadOnlyList<string> Modes { get; } = [TensorFlowModel.Graph, TensorFlowModel.Function, TensorFlowModel.Xla, TensorFlowModel.OpByOp];

    /// <inheritdoc/>
    public EngineAvailability Probe(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = LoadedLibrary.Get(options);
        return new(result.Api is not null, result.Version, result.File, result.Problem, result.Notes);
    }

    /// <inheritdoc/>
    public IEngine Start(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var result = LoadedLibrary.Get(options);
        return result.Api is not null
            ? new TensorFlowEngine(result.Version!, options)
            : throw new TfRunnerException(
                ErrorCode.Unavailable,
                ErrorStage.Engine,
                result.Problem!,
                "install it with 'tfrunner native install', or name the folder that holds it with --tensorflow DIR or TFRUNNER_TENSORFLOW; 'tfrunner doctor' shows the places that were tried");
    }
}
