namespace TfRunner.Engines;

/// <summary>
/// Marks a prepared signature that never takes inputs without a copy when their memory is not aligned to
/// <see cref="TensorValue.Alignment"/> bytes: it copies those at each call.
/// </summary>
public interface IAlignedInputs
{
    /// <summary>Whether it takes aligned ones as they are; false when it copies every input, because it can keep them beyond a call.</summary>
    bool TakesAligned { get; }
}
