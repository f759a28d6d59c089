namespace TfRunner.TensorFlow.Native;

/// <summary>TF_Buffer with an owner.</summary>
internal sealed unsafe class BufferHandle : NativeHandle
{
    public BufferHandle()
        : base((IntPtr)TensorFlowApi.Loaded.TF_NewBuffer())
    {
    }

    private BufferHandle(NativeBuffer* buffer)
        : base((IntPtr)buffer)
    {
    }

    /// <summary>The bytes; valid until the buffer is disposed.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            var buffer = (NativeBuffer*)Pointer;
            return new(buffer->Data, checked((int)buffer->Length));
        }
    }

    public static BufferHandle Own(NativeBuffer* buffer) => new(buffer);

    public static BufferHandle Of(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* data = bytes)
        {
            return new(TensorFlowApi.Loaded.TF_NewBufferFromString(data, (nuint)bytes.Length));
        }
    }

    protected override void Delete(IntPtr pointer) => TensorFlowApi.Loaded.TF_DeleteBuffer(pointer);
}
