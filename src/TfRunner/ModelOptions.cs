using TfRunner.Engines;

namespace TfRunner;

/// <summary>How a model is loaded.</summary>
public sealed record ModelOptions
{
    /// <summary>The name that lets TfRunner choose the engine.</summary>
    public const string Auto = "auto";

    /// <summary>The engine: <c>auto</c> (the default), <c>tensorflow</c> or <c>onnx</c>. <c>auto</c> takes tensorflow when its
    /// library is found, else onnx.</summary>
    public string Engine { get; init; } = Auto;

    /// <summary>Which meta graph and version of the SavedModel to take.</summary>
    public SavedModelOptions SavedModel { get; init; } = new();

    /// <summary>How the engine is found and started.</summary>
    public EngineOptions EngineOptions { get; init; } = new();
}
