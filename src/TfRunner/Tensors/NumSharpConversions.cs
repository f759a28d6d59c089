using NumSharp;

namespace TfRunner;

/// <summary>
/// Tensors as NumSharp arrays and back, over the same memory.
/// NumSharp has no bfloat16, complex64, string or quantised arrays: those are refused with what to use instead.
/// </summary>
public static class NumSharpConversions
{
    private static long copiedArrays;
    private static long copiedBytes;

    /// <summary>How many arrays this process has copied on their way into tensors and calls: strided ones, and where an engine
    /// needs it, unaligned ones, in a bound call at each run.</summary>
    public static long CopiedArrays => Interlocked.Read(ref copiedArrays);

    /// <summary>The bytes of <see cref="CopiedArrays"/>.</summary>
    public static long CopiedBytes => Interlocked.Read(ref copiedBytes);

    /// <summary>An array whose memory every engine takes without a copy.</summary>
    /// <param name="dtype">A dtype that NumSharp has.</param>
    /// <param name="dimensions">The dimensions, each 0 or more.</param>
    /// <returns>The array, filled with zeros.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for a dtype that NumSharp lacks; InvalidArgument for an impossible shape.</exception>
    public static NDArray AlignedZeros(DType dtype, params ReadOnlySpan<long> dimensions) => TensorValue.Zeros(dtype, dimensions).IntoNDArray();

    /// <summary>An array whose memory every engine takes without a copy.</summary>
    /// <param name="type">A type that TensorFlow has too.</param>
    /// <param name="dimensions">The dimensions, each 0 or more.</param>
    /// <returns>The array, filled with zeros.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for a type that TensorFlow lacks; InvalidArgument for an impossible shape.</exception>
    public static NDArray AlignedZeros(NPTypeCode type, params ReadOnlySpan<long> dimensions) => AlignedZeros(DTypeOf(type), dimensions);

    /// <summary>The array over the tensor's memory, without a copy.</summary>
    /// <param name="tensor">A tensor whose dtype NumSharp has. May be disposed before the array: its memory stays as long as the array or a view of it.</param>
    /// <returns>The array, row-major, of the tensor's shape.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for a dtype that NumSharp lacks.</exception>
    public static NDArray AsNDArray(this TensorValue tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var type = TypeCode(tensor.DType);
        var shape = new Shape(tensor.Dimensions.ToArray());
        if (tensor.Length == 0)
        {
            return new NDArray(type, shape);
        }

        tensor.Hold();
        using var flat = np.frombuffer(tensor.Pointer, tensor.ByteLength, type, tensor.Length, 0, tensor.LetGo);
        return flat.reshape(shape);
    }

    /// <summary>The array over the tensor's memory, which the array owns from then on: the tensor is disposed.</summary>
    /// <inheritdoc cref="AsNDArray"/>
    public static NDArray IntoNDArray(this TensorValue tensor)
    {
        var array = tensor.AsNDArray();
        tensor.Dispose();
        return array;
    }

    /// <summary>The tensor over the array's memory, without a copy; a strided, reversed or broadcast array is copied once.</summary>
    /// <param name="array">The array. May be disposed before the tensor: its memory stays as long as the tensor.</param>
    /// <param name="aligned">Whether memory that is not aligned to <see cref="TensorValue.Alignment"/> bytes, as NumSharp's own
    /// seldom is, is copied too. The tensorflow engine would copy it at each call.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for a dtype that TensorFlow lacks.</exception>
    /// <exception cref="ObjectDisposedException">The array has been disposed: its memory may be anybody's.</exception>
    public static unsafe TensorValue AsTensorValue(this NDArray array, bool aligned = false)
    {
        ArgumentNullException.ThrowIfNull(array);
        ObjectDisposedException.ThrowIf(array.IsDisposed, array);
        var dtype = DTypeOf(array.typecode);
        if (array.size == 0)
        {
            return TensorValue.Zeros(dtype, array.shape);
        }

        if (!array.Shape.IsContiguous)
        {
            return Copy(array, dtype);
        }

        var first = (IntPtr)((byte*)array.Unsafe.Address + (array.Shape.Offset * dtype.ElementSize()));
        return aligned && first % TensorValue.Alignment != 0
            ? Copy(array, dtype)

            // A view has a share of its own in the memory: disposing the array does not free it.
            : TensorValue.Wrap(dtype, first, array.size * dtype.ElementSize(), array.view(), array.shape);
    }

    /// <summary>Whether an array can be bound: read and written in place by every call.</summary>
    /// <param name="array">The array.</param>
    /// <param name="isWritten">Whether calls write it.</param>
    /// <returns>Why not, to follow a name; null when it can.</returns>
    internal static string? BindingProblem(NDArray array, bool isWritten) =>
        !array.Shape.IsContiguous ? "is strided, so that calls would see a copy of it"
        : isWritten && !array.Shape.IsWriteable ? "cannot be written"
        : null;

    /// <summary>Counts arrays that were copied.</summary>
    internal static void Count(int arrays, long bytes)
    {
        if (arrays > 0)
        {
            Interlocked.Add(ref copiedArrays, arrays);
            Interlocked.Add(ref copiedBytes, bytes);
        }
    }

    /// <summary>Whether TensorFlow can only copy a tensor.</summary>
    internal static bool IsUnaligned(TensorValue tensor) => tensor.Pointer % TensorValue.Alignment != 0;

    /// <summary>Whether NumSharp has arrays for a dtype.</summary>
    internal static bool HasArrays(DType dtype) => Find(dtype) is not null;

    private static TensorValue Copy(NDArray array, DType dtype)
    {
        var tensor = TensorValue.Allocate(dtype, array.shape);
        using (var target = tensor.AsNDArray())
        {
            np.copyto(target, array);
        }

        Count(1, tensor.ByteLength);
        return tensor;
    }

    private static NPTypeCode TypeCode(DType dtype) => Find(dtype)
        ?? throw Unsupported($"NumSharp has no {dtype.Name()} arrays", dtype == DType.String ? "use TensorValue.Strings" : "use TensorValue.AsSpan");

    private static NPTypeCode? Find(DType dtype) => dtype switch
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
        _ => null,
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
}
