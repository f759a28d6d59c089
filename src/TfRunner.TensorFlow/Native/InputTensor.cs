using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>Takes a <see cref="TensorValue"/> into TensorFlow. The tensors made here are raw pointers for the sake of calls that
/// allocate nothing; whoever makes one calls <see cref="Delete"/>.</summary>
internal static unsafe class InputTensor
{
    /// <summary>TensorFlow aborts the process above this rank.</summary>
    public const int LargestRank = 254;

    /// <summary>Whether TensorFlow can use the tensor's own memory instead of a copy.</summary>
    public static bool IsShareable(TensorValue value) => !value.IsString && value.Pointer % TensorValue.Alignment == 0;

    /// <summary>A TF_Tensor over the value's own memory, which must outlive every use of it.</summary>
    /// <param name="value">A numeric tensor whose memory is aligned.</param>
    public static IntPtr Share(TensorValue value) => Create(value, (void*)value.Pointer, (nuint)value.ByteLength, &KeepMemory);

    /// <summary>A TF_Tensor with memory of its own.</summary>
    /// <param name="value">Any tensor.</param>
    public static IntPtr Copy(TensorValue value)
    {
        if (value.IsString)
        {
            var block = StringMemory.Encode(value.Strings, out var length);
            return Create(value, block, length, &FreeMemory);
        }

        var memory = NativeMemory.AlignedAlloc(Math.Max((nuint)value.ByteLength, 1), TensorValue.Alignment);
        Buffer.MemoryCopy((void*)value.Pointer, memory, value.ByteLength, value.ByteLength);
        return Create(value, memory, (nuint)value.ByteLength, &FreeMemory);
    }

    public static void Delete(IntPtr tensor)
    {
        if (tensor != IntPtr.Zero)
        {
            TensorFlowApi.Loaded.TF_DeleteTensor(tensor);
            NativeObjects.Deleted();
        }
    }

    private static IntPtr Create(TensorValue value, void* memory, nuint length, delegate* unmanaged<void*, nuint, void*, void> deallocator)
    {
        if (value.Rank > LargestRank)
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument,
                ErrorStage.Data,
                FormattableString.Invariant($"a tensor has {value.Rank} dimensions; TensorFlow takes at most {LargestRank}"));
        }

        IntPtr tensor;
        fixed (long* dimensions = value.Dimensions)
        {
            tensor = TensorFlowApi.Loaded.TF_NewTensor((int)value.DType, dimensions, value.Rank, memory, length, (IntPtr)deallocator, IntPtr.Zero);
        }

        if (tensor == IntPtr.Zero)
        {
            throw new TfRunnerException(ErrorCode.Internal, ErrorStage.Data, $"TensorFlow refuses a tensor {value}");
        }

        NativeObjects.Created();
        return tensor;
    }

    // The caller owns the memory and keeps it until TensorFlow's tensor is deleted.
    [UnmanagedCallersOnly]
    private static void KeepMemory(void* memory, nuint length, void* argument)
    {
    }

    [UnmanagedCallersOnly]
    private static void FreeMemory(void* memory, nuint length, void* argument) => NativeMemory.AlignedFree(memory);
}
