using TfRunner.Engines;

namespace TfRunner.Diagnosis.Modes;

/// <summary>Which model an experiment calls, and how it is loaded.</summary>
/// <param name="Path">As the user gave it.</param>
/// <param name="SavedModel">Which meta graph and version.</param>
/// <param name="Engine">How engines are found and started.</param>
/// <param name="Signature">The entry point; null takes the default.</param>
internal sealed record ModelSource(string Path, SavedModelOptions SavedModel, EngineOptions Engine, string? Signature)
{
    public Model Load(string engine) => Model.Load(Path, new() { Engine = engine, SavedModel = SavedModel, EngineOptions = Engine });
}
