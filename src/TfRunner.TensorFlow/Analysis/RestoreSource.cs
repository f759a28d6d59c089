namespace TfRunner.TensorFlow.Analysis;

/// <summary>Where a variable's value is in the checkpoint.</summary>
/// <param name="Key">The tensor's name there.</param>
/// <param name="Slice">The part of it, as RestoreV2 takes it; empty for all.</param>
/// <param name="Type">Its element type.</param>
internal sealed record RestoreSource(string Key, string Slice, DType Type);
