using TfRunner.Engines;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Sessions;

namespace TfRunner.TensorFlow;

/// <summary>The tensorflow engine: the library of this process with one set of options.</summary>
internal sealed class TensorFlowEngine : IEngine
{
    private readonly EngineOptions options;

    public TensorFlowEngine(string version, EngineOptions options)
    {
        Version = version;
        this.options = options;
        _ = DeviceChoice.Configuration(options);
        foreach (var library in options.OpLibraries)
        {
            OpLibraries.Load(library);
        }
    }

    public string Name => "tensorflow";

    public string Version { get; }

    public ILoadedModel Load(SavedModel savedModel) => new TensorFlowModel(savedModel, options);

    // The library stays for the life of the process; models hold what can be freed.
    public void Dispose()
    {
    }
}
