using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace TfRunner.Onnx.Execution;

/// <summary>Tensors as ONNX Runtime's values and back; numeric memory is wrapped, strings are encoded once.</summary>
internal static unsafe class OrtTensors
{
    /// <summary>A value over a tensor's memory, which must live as long as the value is used.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The value; the caller disposes it.</returns>
    public static OrtValue Wrap(TensorValue tensor)
    {
        var dims = tensor.Dimensions.ToArray();
        if (!tensor.IsString)
        {
            return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, OrtTypes.Of(tensor.DType), dims, tensor.Pointer, tensor.ByteLength);
        }

        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, dims);
        for (var i = 0; i < tensor.Strings.Length; i++)
        {
            value.StringTensorSetElementAt((ReadOnlySpan<byte>)tensor.Strings[i], i);
        }

        return value;
    }

    /// <summary>A value over some rows of a tensor's memory, which must live as long as the value is used.</summary>
    /// <param name="tensor">A tensor that is not of strings and has rows.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>The value; the caller disposes it.</returns>
    public static OrtValue WrapRows(TensorValue tensor, long first, long count)
    {
        var dims = tensor.Dimensions.ToArray();
        var row = dims[0] == 0 ? 0 : tensor.ByteLength / dims[0];
        dims[0] = count;
        return OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, OrtTypes.Of(tensor.DType), dims, (IntPtr)((byte*)tensor.Pointer + (first * row)), count * row);
    }

    /// <summary>Copies a value's strings; arrays that hold the same bytes already are kept.</summary>
    /// <param name="value">A value of strings.</param>
    /// <param name="tensor">A tensor with as many.</param>
    public static void CopyStrings(OrtValue value, TensorValue tensor)
    {
        for (var i = 0; i < tensor.Strings.Length; i++)
        {
            var element = value.GetStringElementAsSpan(i);
            if (!element.SequenceEqual(tensor.Strings[i]))
            {
                tensor.Strings[i] = element.ToArray();
            }
        }
    }

    /// <summary>A tensor over a value's memory. It owns the value.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    public static TensorValue Own(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var dims = info.Shape;
        var dtype = OrtTypes.From(info.ElementDataType);
        if (dtype != DType.String)
        {
            var bytes = value.GetTensorMutableRawData();
            return TensorValue.Wrap(dtype, (IntPtr)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), bytes.Length, value, dims);
        }

        using (value)
        {
            var elements = new byte[checked((int)info.ElementCount)][];
            for (var i = 0; i < elements.Length; i++)
            {
                elements[i] = value.GetStringElementAsSpan(i).ToArray();
            }

            return TensorValue.FromStrings(elements, dims);
        }
    }
}
