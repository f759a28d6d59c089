using Tensorflow;

namespace TfRunner.TensorFlowNet;

/// <summary>A share in a native tensor, which is deleted after its last share has gone.</summary>
internal sealed class TensorShare : IDisposable
{
    private SafeTensorHandle? handle;

    public TensorShare(SafeTensorHandle handle)
    {
        var added = false;
        handle.DangerousAddRef(ref added);
        this.handle = handle;
    }

    /// <summary>Gives the share back when its tensor was forgotten.</summary>
    ~TensorShare() => Dispose();

    public void Dispose()
    {
        Interlocked.Exchange(ref handle, null)?.DangerousRelease();
        GC.SuppressFinalize(this);
    }
}
