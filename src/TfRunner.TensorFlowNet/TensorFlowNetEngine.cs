using TfRunner.Engines;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Sessions;

namespace TfRunner.TensorFlowNet;

/// <summary>The tensorflow.net engine: TensorFlow.NET on the native library of this process.</summary>
internal sealed class TensorFlowNetEngine : IEngine
{
    public const string EngineName = "tensorflow.net";

    private readonly EngineOptions options;

    public TensorFlowNetEngine(string version, EngineOptions options)
    {
        Version = version;
        this.options = options;
        _ = DeviceChoice.Configuration(options);
        foreach (var library in options.OpLibraries)
        {
            OpLibraries.Load(library);
        }
    }

    public string Name => EngineName;

    public string Version { get; }

    public ILoadedModel Load(SavedModel savedModel) => new TensorFlowNetModel(savedModel, options);

    // The library stays for the life of the process; models hold what can be freed.
    public void Dispose()
    {
    }
}
