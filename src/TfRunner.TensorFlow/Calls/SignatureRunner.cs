using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Calls;

/// <summary>How one mode runs a signature. May be used from many threads.</summary>
internal abstract unsafe class SignatureRunner : IDisposable
{
    /// <summary>Runs once. Makes no managed object unless it fails.</summary>
    /// <param name="inputs">One TF_Tensor per feed; stay the caller's.</param>
    /// <param name="outputs">Receives one TF_Tensor per fetch, owned by the caller; all zero when it fails.</param>
    /// <param name="status">Receives the result.</param>
    /// <param name="cancellation">Ends the call early where the mode can; null when nobody will.</param>
    public abstract void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, CancellationHandle? cancellation);

    /// <summary>What can end a call of this mode from another thread; null when nothing can.</summary>
    public virtual CancellationHandle? NewCancellation() => null;

    /// <summary>Runs once and times each op.</summary>
    /// <param name="inputs">One TF_Tensor per feed; stay the caller's.</param>
    /// <param name="outputs">As for <see cref="Run"/>.</param>
    /// <param name="status">Receives the result.</param>
    /// <returns>The times in order of their starts; null when the mode cannot tell.</returns>
    public virtual IReadOnlyList<OpTime>? Profile(IntPtr* inputs, IntPtr* outputs, StatusHandle status) => null;

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
