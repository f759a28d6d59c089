using TfRunner.Diagnosis.Modes;

namespace TfRunner.Diagnosis.Diff;

/// <summary>What an experiment works on; all of it is disposed by the experiment.</summary>
/// <param name="SavedModel">The model as read.</param>
/// <param name="Signature">The entry point.</param>
/// <param name="Loaded">The model on its engines.</param>
/// <param name="Source">Loads it once more.</param>
internal sealed record DiffSubject(SavedModel SavedModel, Signature Signature, LoadedModes Loaded, ModelSource Source);
