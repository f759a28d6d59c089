using System.Buffers.Binary;
using System.Text;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>Reads one <c>.npy</c> array into a tensor.</summary>
public static class NpyReader
{
    /// <summary>Reads a whole array.</summary>
    /// <param name="stream">The array's bytes from their start.</param>
    /// <param name="source">The file (and key) to name in errors.</param>
    /// <param name="availableBytes">How many bytes the stream can give at most, so that a damaged header cannot ask for more memory; null when not known.</param>
    /// <returns>The tensor in row-major order; <c>S</c> arrays lose trailing NULs, <c>U</c> arrays become UTF-8. The caller disposes it.</returns>
    /// <exception cref="TfRunnerException">DataLoss for damaged arrays; Unimplemented for dtypes that are not read.</exception>
    public static TensorValue Read(Stream stream, string source, long? availableBytes = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, NpyHeader.Read(stream, source), source, availableBytes);
    }

    /// <summary>Opens an array of which rows are wanted, or the whole without reading it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The array; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is no such file; DataLoss for damaged arrays; Unimplemented for dtypes that are not read.</exception>
    internal static StoredArray Open(string path)
    {
        try
        {
            // No buffer: the mapping begins where reading the header ended.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            var header = NpyHeader.Read(file, path);
            long? available = file.CanSeek ? file.Length - file.Position : null;
            return (available is { } bytes ? MappedArray.TryOpen(file, header, bytes, path) : null)
                ?? (StoredArray)new HeldArray(Read(file, header, path, available));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"there is no file {path}", null, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TfRunnerException.ForData(ErrorCode.PermissionDenied, $"{path} cannot be read: {e.Message}", null, e);
        }
    }

    internal static TensorValue Read(Stream stream, NpyHeader header, string source, long? availableBytes)
    {
        CheckSize(header, source, availableBytes);
        if (header.DType == DType.String)
        {
            return ReadStrings(stream, header, source);
        }

        var tensor = TensorValue.Allocate(header.DType, header.Dimensions);
        try
        {
            Fill(stream, tensor, source);
            if (header.BigEndian)
            {
                SwapBytes(tensor);
            }

            return header.FortranOrder && tensor.Rank > 1 ? ToRowMajor(tensor) : tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    internal static void CheckSize(NpyHeader header, string source, long? availableBytes)
    {
        var bytes = (Int128)header.ItemSize;
        foreach (var d in header.Dimensions)
        {
            bytes *= d;
            if (bytes > long.MaxValue)
            {
                throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} claims a shape of {TensorShape.Format(header.Dimensions)}");
            }
        }

        if (availableBytes is { } available && bytes > available)
        {
            throw TfRunnerException.ForData(
                ErrorCode.DataLoss,
                $"{source} is cut off: shape {TensorShape.Format(header.Dimensions)} needs {bytes} bytes, {available} are there");
        }
    }

    private static unsafe void Fill(Stream stream, TensorValue tensor, string source)
    {
        const int Chunk = 1 << 24;
        for (var at = 0L; at < tensor.ByteLength; at += Chunk)
        {
            var target = new Span<byte>((byte*)tensor.Pointer + at, (int)Math.Min(Chunk, tensor.ByteLength - at));
            if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            {
                throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} ends before its last element");
            }
        }
    }

    private static TensorValue ReadStrings(Stream stream, NpyHeader header, string source)
    {
        var count = 1L;
        foreach (var d in header.Dimensions)
        {
            count *= d;
        }

        var elements = new byte[checked((int)count)][];
        var item = new byte[header.ItemSize];
        for (var i = 0; i < elements.Length; i++)
        {
            if (stream.ReadAtLeast(item, item.Length, throwOnEndOfStream: false) < item.Length)
            {
                throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} ends before its last element");
            }

            elements[i] = header.Kind == 'S' ? item.AsSpan().TrimEnd((byte)0).ToArray() : DecodeUtf32(item, header.BigEndian);
        }

        var tensor = TensorValue.FromStrings(elements, header.Dimensions);
        return header.FortranOrder && tensor.Rank > 1 ? ToRowMajor(tensor) : tensor;
    }

    private static byte[] DecodeUtf32(byte[] item, bool bigEndian) =>
        Encoding.UTF8.GetBytes(new UTF32Encoding(bigEndian, byteOrderMark: false).GetString(item).TrimEnd('\0'));

    private static void SwapBytes(TensorValue tensor)
    {
        // A complex number is two numbers side by side.
        var bytes = tensor.Bytes;
        switch (tensor.DType is DType.Complex64 or DType.Complex128 ? tensor.DType.ElementSize() / 2 : tensor.DType.ElementSize())
        {
            case 2:
                var words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                var ints = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
            default:
                break;
        }
    }

    private static TensorValue ToRowMajor(TensorValue columnMajor)
    {
        var dimensions = columnMajor.Dimensions;
        var result = TensorValue.Allocate(columnMajor.DType, dimensions);
        var size = columnMajor.DType.ElementSize();
        var index = new long[dimensions.Length];
        for (var target = 0L; target < result.Length; target++)
        {
            var source = 0L;
            for (var axis = dimensions.Length - 1; axis >= 0; axis--)
            {
                source = (source * dimensions[axis]) + index[axis];
            }

            if (columnMajor.IsString)
            {
                result.Strings[target] = columnMajor.Strings[source];
            }
            else
            {
                columnMajor.Bytes.Slice(checked((int)(source * size)), size).CopyTo(result.Bytes[checked((int)(target * size))..]);
            }

            for (var axis = dimensions.Length - 1; axis >= 0 && ++index[axis] == dimensions[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        columnMajor.Dispose();
        return result;
    }
}
