namespace TfRunner.Engines;

/// <summary>
/// Marks a prepared signature that takes inputs without a copy only when their memory is aligned to
/// <see cref="TensorValue.Alignment"/> bytes, and copies others at each call.
/// </summary>
public interface IAlignedInputs;
