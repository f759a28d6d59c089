using System.Globalization;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>Writes tensors as <c>.npy</c> arrays. Strings become fixed-width <c>S</c>; bfloat16, which NumPy lacks, becomes float32.</summary>
internal static class NpyWriter
{
    /// <summary>NumPy's description of a dtype.</summary>
    /// <param name="dtype">The dtype.</param>
    /// <param name="stringWidth">The longest string in bytes.</param>
    /// <returns>Such as <c>&lt;f4</c>.</returns>
    /// <exception cref="TfRunnerException">Unimplemented for dtypes that NumPy lacks.</exception>
    public static string Description(DType dtype, int stringWidth = 0) => dtype switch
    {
        DType.Float16 => "<f2",
        DType.Float32 or DType.BFloat16 => "<f4",
        DType.Float64 => "<f8",
        DType.Int8 or DType.QInt8 => "|i1",
        DType.Int16 or DType.QInt16 => "<i2",
        DType.Int32 or DType.QInt32 => "<i4",
        DType.Int64 => "<i8",
        DType.UInt8 or DType.QUInt8 or DType.Float8E4M3FN or DType.Float8E5M2 => "|u1",
        DType.UInt16 or DType.QUInt16 => "<u2",
        DType.UInt32 => "<u4",
        DType.UInt64 => "<u8",
        DType.Bool => "|b1",
        DType.Complex64 => "<c8",
        DType.Complex128 => "<c16",
        DType.String => string.Create(CultureInfo.InvariantCulture, $"|S{Math.Max(stringWidth, 1)}"),
        _ => throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"NumPy has no {dtype.Name()} arrays"),
    };

    /// <summary>Writes the elements of a tensor in row-major order.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="stringWidth">The width that strings are padded to.</param>
    public static unsafe void WriteElements(Stream stream, TensorValue tensor, int stringWidth)
    {
        if (tensor.IsString)
        {
            var item = new byte[Math.Max(stringWidth, 1)];
            foreach (var element in tensor.Strings)
            {
                Array.Clear(item);
                element.CopyTo(item, 0);
                stream.Write(item);
            }
        }
        else if (tensor.DType == DType.BFloat16)
        {
            Span<byte> four = stackalloc byte[4];
            foreach (var element in tensor.AsSpan<BFloat16>())
            {
                BitConverter.TryWriteBytes(four, element.ToSingle());
                stream.Write(four);
            }
        }
        else
        {
            const int Chunk = 1 << 24;
            for (var at = 0L; at < tensor.ByteLength; at += Chunk)
            {
                stream.Write(new ReadOnlySpan<byte>((byte*)tensor.Pointer + at, (int)Math.Min(Chunk, tensor.ByteLength - at)));
            }
        }
    }

    /// <summary>Writes a whole array.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="tensor">The tensor.</param>
    public static void Write(Stream stream, TensorValue tensor)
    {
        var width = tensor.IsString ? tensor.Strings.Select(static s => s.Length).DefaultIfEmpty(0).Max() : 0;
        stream.Write(NpyHeader.Format(Description(tensor.DType, width), tensor.Dimensions));
        WriteElements(stream, tensor, width);
    }
}
