namespace TfRunner.Engines;

/// <summary>A prepared signature that can tell where the time of one call goes.</summary>
public interface IProfiledSignature
{
    /// <summary>Runs one call and times its ops. The timing itself slows the call.</summary>
    /// <param name="inputs">One tensor per input, in the signature's order, checked by the caller.</param>
    /// <returns>One entry per op run, in order of their starts.</returns>
    /// <exception cref="TfRunnerException">The model failed, or the mode cannot be profiled (Unimplemented).</exception>
    IReadOnlyList<OpTime> Profile(ReadOnlySpan<TensorValue> inputs);
}
