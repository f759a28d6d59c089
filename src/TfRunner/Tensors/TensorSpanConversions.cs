using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace TfRunner;

/// <summary>Tensors as those of System.Numerics.Tensors and back, over the same memory.</summary>
public static class TensorSpanConversions
{
    /// <summary>The tensor's memory as a <see cref="TensorSpan{T}"/>, without a copy.</summary>
    /// <typeparam name="T">The element type, as for <see cref="TensorValue.AsSpan{T}"/>.</typeparam>
    /// <param name="tensor">The tensor; must outlive the span.</param>
    /// <returns>The span, row-major, of the tensor's shape.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when the dtype is another one.</exception>
    public static TensorSpan<T> AsTensorSpan<T>(this TensorValue tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var lengths = new nint[tensor.Rank];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = checked((nint)tensor.Dimensions[i]);
        }

        return new(tensor.AsSpan<T>(), lengths);
    }

    /// <summary>The tensor over the memory of a dense <see cref="Tensor{T}"/>, without a copy; a strided one is copied once.</summary>
    /// <typeparam name="T">The element type; decides the dtype.</typeparam>
    /// <param name="tensor">The tensor; its memory stays pinned until the result is disposed.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    public static TensorValue AsTensorValue<T>(this Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var dimensions = new long[tensor.Rank];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = tensor.Lengths[i];
        }

        var dense = tensor.IsDense ? tensor : tensor.ToDenseTensor();
        var pin = new PinnedTensor(dense.GetPinnedHandle());
        return TensorValue.Wrap(DTypes.Of<T>(), pin.Address, dense.FlattenedLength * Unsafe.SizeOf<T>(), pin, dimensions);
    }

    private sealed unsafe class PinnedTensor(MemoryHandle handle) : IDisposable
    {
        private MemoryHandle handle = handle;

        public IntPtr Address => (IntPtr)handle.Pointer;

        public void Dispose() => handle.Dispose();
    }
}
