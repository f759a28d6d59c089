using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>A native object that is freed exactly once, by disposal or, when that was forgotten, by the finalizer.</summary>
internal abstract class NativeHandle : SafeHandle
{
    protected NativeHandle(IntPtr pointer)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        SetHandle(pointer);
        if (pointer != IntPtr.Zero)
        {
            NativeObjects.Created();
        }
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>The native pointer. The caller sees to it that the object outlives its use.</summary>
    public IntPtr Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return handle;
        }
    }

    protected sealed override bool ReleaseHandle()
    {
        Delete(handle);
        NativeObjects.Deleted();
        return true;
    }

    protected abstract void Delete(IntPtr pointer);
}
