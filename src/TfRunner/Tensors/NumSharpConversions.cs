using NumSharp;

namespace TfRunner;

/// <summary>
/// Tensors as NumSharp arrays and back, over the same memory.
/// NumSharp has no bfloat16, complex64, string or quantised arrays: those are refused with what to use instead.
/// </summary>
public static class NumSharpConversions
{
    /// <summary>The array over the tensor's memory, without a copy.</summary>
    /// <param name="tensor">A tensor whose dtype NumSharp has. Stays alive as long as the array; must not be disposed before it.</param>
    /// <returns>The array, row-major, of the tensor's shape.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for a dtype that NumSharp lacks.</exception>
    public static NDArray AsNDArray(this TensorValue tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var type = TypeCode(tensor.DType);
        if (tensor.Length == 0)
        {
            return new NDArray(type, new Shape(tensor.Dimensions.ToArray()));
        }

        // The release action captures the tensor, so NumSharp's array keeps it alive.
        var flat = np.frombuffer(tensor.Pointer, tensor.ByteLength, type, tensor.Length, 0, () => GC.KeepAlive(tensor));
        return flat.reshape(new Shape(tensor.Dimensions.ToArray()));
    }

    /// <summary>The tensor over the array's memory, without a copy; a sliced, strided or broadcast array is copied once.</summary>
    /// <param name="array">The array. Kept alive by the tensor; must not be disposed before it.</param>
    /// <returns>The tensor. NumSharp's memory is seldom aligned to <see cref="TensorValue.Alignment"/> bytes, so the tensorflow
    /// engine copies it at each call; <see cref="TensorValue.Clone"/> gives memory that it takes as it is.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for a dtype that TensorFlow lacks.</exception>
    public static unsafe TensorValue AsTensorValue(this NDArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        var dtype = DTypeOf(array.typecode);
        var dimensions = array.shape;
        if (array.size == 0)
        {
            return TensorValue.Zeros(dtype, dimensions);
        }

        var contiguous = array.Shape.IsContiguous ? array : array.copy('C');
        var first = (byte*)contiguous.Unsafe.Address + (contiguous.Shape.Offset * dtype.ElementSize());
        return TensorValue.Wrap(dtype, (IntPtr)first, contiguous.size * dtype.ElementSize(), new Owner(contiguous, !ReferenceEquals(contiguous, array)), dimensions);
    }

    private static NPTypeCode TypeCode(DType dtype) => dtype switch
    {
        DType.Bool => NPTypeCode.Boolean,
        DType.Int8 => NPTypeCode.SByte,
        DType.UInt8 => NPTypeCode.Byte,
        DType.Int16 => NPTypeCode.Int16,
        DType.UInt16 => NPTypeCode.UInt16,
        DType.Int32 => NPTypeCode.Int32,
        DType.UInt32 => NPTypeCode.UInt32,
        DType.Int64 => NPTypeCode.Int64,
        DType.UInt64 => NPTypeCode.UInt64,
        DType.Float16 => NPTypeCode.Half,
        DType.Float32 => NPTypeCode.Single,
        DType.Float64 => NPTypeCode.Double,
        DType.Complex128 => NPTypeCode.Complex,
        _ => throw Unsupported($"NumSharp has no {dtype.Name()} arrays", dtype == DType.String ? "use TensorValue.Strings" : "use TensorValue.AsSpan"),
    };

    private static DType DTypeOf(NPTypeCode type) => type switch
    {
        NPTypeCode.Boolean => DType.Bool,
        NPTypeCode.SByte => DType.Int8,
        NPTypeCode.Byte => DType.UInt8,
        NPTypeCode.Int16 => DType.Int16,
        NPTypeCode.UInt16 => DType.UInt16,
        NPTypeCode.Int32 => DType.Int32,
        NPTypeCode.UInt32 => DType.UInt32,
        NPTypeCode.Int64 => DType.Int64,
        NPTypeCode.UInt64 => DType.UInt64,
        NPTypeCode.Half => DType.Float16,
        NPTypeCode.Single => DType.Float32,
        NPTypeCode.Double => DType.Float64,
        NPTypeCode.Complex => DType.Complex128,
        _ => throw Unsupported($"TensorFlow has no tensors of NumSharp's {type}", "convert it first: astype(np.float32), or TensorValue.FromStrings"),
    };

    private static TfRunnerException Unsupported(string message, string hint) =>
        new(ErrorCode.Unimplemented, ErrorStage.Usage, message, hint);

    /// <summary>Keeps an array alive; disposes it only when it is a copy made here.</summary>
    private sealed class Owner(NDArray array, bool isCopy) : IDisposable
    {
        public void Dispose()
        {
            if (isCopy)
            {
                array.Dispose();
            }
        }
    }
}
