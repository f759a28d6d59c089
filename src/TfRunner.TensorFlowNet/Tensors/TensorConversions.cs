using System.Runtime.InteropServices;
using Tensorflow;
using Tensorflow.NumPy;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlowNet.Library;

namespace TfRunner.TensorFlowNet;

/// <summary>
/// Tensors of TfRunner as tensors and arrays of TensorFlow.NET, and back, over the same memory where TensorFlow takes it:
/// numbers aligned to <see cref="TensorValue.Alignment"/> bytes on the way there, any numbers on the way back. Strings are copied.
/// </summary>
public static class TensorConversions
{
    private static readonly c_api.DeallocatorV2 Release = LetGo;

    /// <summary>The tensor as one of TensorFlow.NET.</summary>
    /// <param name="tensor">Any tensor. May be disposed before the result: its memory stays as long as TensorFlow uses it.</param>
    /// <returns>A tensor over the same memory; over a copy when that is not aligned, and for strings.</returns>
    /// <exception cref="TfRunnerException">Unavailable where TensorFlow's native library cannot be found.</exception>
    public static Tensor AsTensor(this TensorValue tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        NetBinding.Bind(new());
        if (tensor.IsString)
        {
            return new(Own(InputTensor.Copy(tensor)));
        }

        // TensorFlow copies memory that is not aligned, and lets go of it at once.
        tensor.Hold();
        var handle = c_api.TF_NewTensor(
            tensor.DType.ToTensorFlowDType(),
            tensor.Dimensions.ToArray(),
            tensor.Rank,
            tensor.Pointer,
            (ulong)tensor.ByteLength,
            Release,
            GCHandle.ToIntPtr(GCHandle.Alloc(tensor)));
        return new(handle);
    }

    /// <summary>The tensor as an array of TensorFlow.NET.</summary>
    /// <returns>An array over the same memory; over a copy when that is not aligned, and for strings.</returns>
    /// <inheritdoc cref="AsTensor"/>
    public static NDArray AsTensorFlowArray(this TensorValue tensor) => new(tensor.AsTensor());

    /// <summary>A tensor or array of TensorFlow.NET as a tensor over the same memory; strings are copied.</summary>
    /// <param name="tensor">A tensor with a value: an NDArray, an eager tensor, or one made from values. May go before the result.</param>
    /// <returns>The tensor; the caller disposes it. Its memory may be shared with constants and variables: read it only.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for a tensor of a graph, which has no value; Unimplemented for
    /// resources and variants.</exception>
    public static unsafe TensorValue AsTensorValue(this Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull((object)tensor, nameof(tensor));
        var handle = tensor.Handle;
        if (handle is null || handle.IsInvalid)
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Usage, $"tensor '{tensor.name}' belongs to a graph and has no value", "fetch it with Session.run first");
        }

        var dtype = c_api.TF_TensorType(handle).ToDType();
        if (!dtype.HasValues())
        {
            throw new TfRunnerException(ErrorCode.Unimplemented, ErrorStage.Usage, $"a {dtype.Name()} tensor has no values outside TensorFlow");
        }

        var dimensions = new long[c_api.TF_NumDims(handle)];
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = c_api.TF_Dim(handle, i);
        }

        var data = c_api.TF_TensorData(handle);
        if (dtype != DType.String)
        {
            return TensorValue.Wrap(dtype, data, (long)c_api.TF_TensorByteSize(handle), new TensorShare(handle), dimensions);
        }

        var strings = TensorValue.Allocate(dtype, dimensions);
        for (var i = 0; i < strings.Strings.Length; i++)
        {
            strings.Strings[i] = StringMemory.Decode((byte*)data + ((long)i * StringMemory.ElementSize));
        }

        GC.KeepAlive(handle);
        return strings;
    }

    private static SafeTensorHandle Own(IntPtr tensor)
    {
        // TensorFlow.NET deletes it from here on.
        NativeObjects.Deleted();
        return new(tensor);
    }

    private static void LetGo(IntPtr data, long length, IntPtr argument)
    {
        var handle = GCHandle.FromIntPtr(argument);
        var tensor = (TensorValue)handle.Target!;
        handle.Free();
        tensor.LetGo();
    }
}
