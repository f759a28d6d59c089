namespace TfRunner.TensorFlow.Eager;

/// <summary>A tensor that flows between nodes; dead ones have no handle. Deleted when its last reader is done.</summary>
internal sealed unsafe class FlowValue(IntPtr handle, bool isOwned, int readers)
{
    public static readonly FlowValue Dead = new(IntPtr.Zero, isOwned: false, int.MaxValue);

    private int readers = readers;

    public IntPtr Handle { get; private set; } = handle;

    public bool IsDead => Handle == IntPtr.Zero;

    /// <summary>Keeps it for one reader more.</summary>
    public void Keep(int more) => readers += more;

    public void Read(in EagerCall call)
    {
        if (!IsDead && --readers <= 0)
        {
            Delete(call);
        }
    }

    /// <summary>Deletes it, read or not.</summary>
    public void Delete(in EagerCall call)
    {
        if (isOwned && Handle != IntPtr.Zero)
        {
            call.Api.TFE_DeleteTensorHandle(Handle);
            Handle = IntPtr.Zero;
        }
    }
}
