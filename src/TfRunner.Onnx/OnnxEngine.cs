using TfRunner.Engines;

namespace TfRunner.Onnx;

/// <summary>The onnx engine.</summary>
internal sealed class OnnxEngine : IEngine
{
    private readonly EngineOptions options;

    public OnnxEngine(EngineOptions options, string version)
    {
        this.options = options;
        Version = version;
    }

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public ILoadedModel Load(SavedModel savedModel) => new OnnxLoadedModel(savedModel, options);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
