using System.Buffers;
using Google.Protobuf;

namespace TfRunner.Onnx.Conversion.Building;

/// <summary>
/// Lets messages refer to the memory of tensors instead of copying it. Messages are written front to back, so that of
/// deferred tensors only the one that is being written is in memory.
/// </summary>
internal sealed class TensorWindow
{
    private TensorValue? shown;

    /// <summary>The bytes of a tensor, looked at when the message is written.</summary>
    /// <param name="tensor">A tensor that is not of strings, of at most 2^31 - 1 bytes; lives as long as the message.</param>
    /// <returns>The bytes.</returns>
    public ByteString Bytes(TensorValue tensor) => UnsafeByteOperations.UnsafeWrap(new TensorMemory(this, tensor).Whole);

    private Span<byte> Show(TensorValue tensor)
    {
        if (!ReferenceEquals(shown, tensor))
        {
            shown?.Unload();
            shown = tensor.IsLoaded ? null : tensor;
        }

        return tensor.Bytes;
    }

    /// <summary>The memory of one tensor.</summary>
    private sealed unsafe class TensorMemory : MemoryManager<byte>
    {
        private readonly TensorWindow window;
        private readonly TensorValue tensor;

        public TensorMemory(TensorWindow window, TensorValue tensor)
        {
            this.window = window;
            this.tensor = tensor;
        }

        public Memory<byte> Whole => CreateMemory(checked((int)tensor.ByteLength));

        public override Span<byte> GetSpan() => window.Show(tensor);

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)tensor.Pointer + elementIndex, default, this);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
