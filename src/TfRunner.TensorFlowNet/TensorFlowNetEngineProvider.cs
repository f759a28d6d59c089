using TfRunner.Engines;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlowNet.Library;

[assembly: EngineProvider(typeof(TfRunner.TensorFlowNet.TensorFlowNetEngineProvider))]

namespace TfRunner.TensorFlowNet;

/// <summary>Binds TensorFlow.NET to the native library that TfRunner finds, and starts the tensorflow.net engine on it.</summary>
internal sealed class TensorFlowNetEngineProvider : IEngineProvider
{
    public string Name => TensorFlowNetEngine.EngineName;

    public IReadOnlyList<string> Modes { get; } = [TensorFlowNetModel.Graph, TensorFlowNetModel.OpByOp];

    public EngineAvailability Probe(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var found = LoadedLibrary.Get(options);
        return new(found.Api is not null, found.Version, found.File, found.Problem, [.. found.Notes, $"called through TensorFlow.NET {NetBinding.PackageVersion}"]);
    }

    public IEngine Start(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new TensorFlowNetEngine(NetBinding.Bind(options).Version!, options);
    }
}
