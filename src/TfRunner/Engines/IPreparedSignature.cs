namespace TfRunner.Engines;

/// <summary>
/// One signature on one engine in one mode. Names, dtypes and shapes have been checked by the caller.
/// May be called from many threads at once; is not disposed while a call is in flight.
/// </summary>
public interface IPreparedSignature : IDisposable
{
    /// <summary>Runs one call.</summary>
    /// <param name="inputs">One tensor per input, in the signature's order. Must not change during the call.</param>
    /// <param name="outputs">Receives one new tensor per output, in the signature's order; the caller disposes them.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="TfRunnerException">The model failed; the code is that of the engine's status.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    void Run(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken);

    /// <summary>Prepares a call that is repeated over the same memory and allocates nothing on the managed heap.</summary>
    /// <param name="inputs">One tensor per input; read anew by each call.</param>
    /// <param name="outputs">One tensor per output with the exact dtype and shape that the call gives; written by each call.
    /// Not string tensors.</param>
    /// <returns>The bound call; the caller disposes it.</returns>
    IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs);
}
