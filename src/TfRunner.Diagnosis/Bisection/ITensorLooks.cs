using TfRunner.Diagnosis.Modes;

namespace TfRunner.Diagnosis.Bisection;

/// <summary>Looks at tensors inside a model while it is called in some mode.</summary>
internal interface ITensorLooks
{
    /// <summary>Calls the model once, as far as the tensors need, and takes their values.</summary>
    /// <param name="mode">How.</param>
    /// <param name="tensors">Which tensors.</param>
    /// <returns>One value per tensor; the caller disposes them.</returns>
    /// <exception cref="TfRunnerException">The mode cannot give one of them.</exception>
    /// <exception cref="TimeoutException">There is no time for it.</exception>
    TensorValue[] Look(ModeName mode, IReadOnlyList<FlatTensor> tensors);
}
