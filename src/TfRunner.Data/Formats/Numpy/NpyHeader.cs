using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>
/// The header of a <c>.npy</c> array: element description, memory order and shape.
/// Source: NumPy's documentation of the NPY format, versions 1.0 to 3.0.
/// </summary>
/// <param name="Kind">NumPy's kind: <c>f i u b c S U</c>.</param>
/// <param name="ItemSize">Bytes per element; 0 is legal for empty strings.</param>
/// <param name="BigEndian">Whether elements are stored with the most significant byte first.</param>
/// <param name="FortranOrder">Whether the first dimension varies fastest.</param>
/// <param name="Dimensions">The dimensions.</param>
internal sealed record NpyHeader(char Kind, int ItemSize, bool BigEndian, bool FortranOrder, long[] Dimensions)
{
    /// <summary>The longest header that is read: far beyond any real one, small enough to be harmless.</summary>
    private const int LongestHeader = 1 << 20;

    /// <summary>The element type that holds the values; strings of both kinds give <see cref="DType.String"/>.</summary>
    public DType DType => (Kind, ItemSize) switch
    {
        ('f', 2) => DType.Float16,
        ('f', 4) => DType.Float32,
        ('f', 8) => DType.Float64,
        ('i', 1) => DType.Int8,
        ('i', 2) => DType.Int16,
        ('i', 4) => DType.Int32,
        ('i', 8) => DType.Int64,
        ('u', 1) => DType.UInt8,
        ('u', 2) => DType.UInt16,
        ('u', 4) => DType.UInt32,
        ('u', 8) => DType.UInt64,
        ('b', 1) => DType.Bool,
        ('c', 8) => DType.Complex64,
        ('c', 16) => DType.Complex128,
        ('S' or 'U', _) => DType.String,
        _ => DType.Invalid,
    };

    /// <summary>Reads a header and leaves the stream at the first element.</summary>
    /// <param name="stream">The array's bytes from their start.</param>
    /// <param name="source">The file (and key) to name in errors.</param>
    /// <param name="copy">Receives the bytes that were read; may be null.</param>
    /// <returns>The header.</returns>
    /// <exception cref="TfRunnerException">DataLoss for damaged headers; Unimplemented for dtypes that are not read.</exception>
    public static NpyHeader Read(Stream stream, string source, Stream? copy = null)
    {
        Span<byte> start = stackalloc byte[8];
        ReadExactly(stream, start, source);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8) || start[6] is < 1 or > 3)
        {
            throw Damaged(source, "it does not start as a .npy array does");
        }

        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        ReadExactly(stream, start[6] == 1 ? lengthBytes[..2] : lengthBytes, source);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > LongestHeader)
        {
            throw Damaged(source, $"its header claims {length} bytes");
        }

        var text = new byte[length];
        ReadExactly(stream, text, source);
        copy?.Write([.. start, .. start[6] == 1 ? lengthBytes[..2] : lengthBytes, .. text]);
        return Parse(Encoding.UTF8.GetString(text), source);
    }

    /// <summary>The bytes of a version 1.0 header in C order, padded so that the elements start at a multiple of 64.</summary>
    /// <param name="descr">NumPy's element description, such as <c>&lt;f4</c>.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <returns>Magic, length and dictionary.</returns>
    public static byte[] Format(string descr, ReadOnlySpan<long> dimensions)
    {
        var shape = new StringBuilder();
        foreach (var d in dimensions)
        {
            shape.Append(CultureInfo.InvariantCulture, $"{d}, ");
        }

        var shapeText = dimensions.Length == 1 ? shape.ToString().TrimEnd() : shape.ToString().TrimEnd(' ', ',');
        var dictionary = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shapeText}), }}";
        var total = (10 + dictionary.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[total];
        bytes.AsSpan().Fill((byte)' ');
        bytes[0] = 0x93;
        "NUMPY"u8.CopyTo(bytes.AsSpan(1));
        bytes[6] = 1;
        bytes[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(total - 10)));
        Encoding.ASCII.GetBytes(dictionary, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static NpyHeader Parse(string text, string source)
    {
        var descr = Value(text, "descr", source);
        if (!descr.StartsWith('\''))
        {
            throw new TfRunnerException(ErrorCode.Unimplemented, ErrorStage.Data, $"{source} is a structured array, which is not read", "save one array per column");
        }

        descr = descr.Trim('\'');
        var order = Value(text, "fortran_order", source);
        var shape = Value(text, "shape", source).Trim('(', ')');
        var parts = shape.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var dimensions = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i]))
            {
                throw Damaged(source, $"its shape is ({shape})");
            }
        }

        var header = descr.Length >= 3 && int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? new NpyHeader(descr[1], descr[1] == 'U' ? checked(size * 4) : size, descr[0] == '>', order == "True", dimensions)
            : throw Damaged(source, $"its dtype is '{descr}'");
        return header.DType != DType.Invalid
            ? header
            : throw new TfRunnerException(
                ErrorCode.Unimplemented,
                ErrorStage.Data,
                $"{source} has NumPy dtype '{descr}', which is not read",
                header.Kind == 'O' ? "object arrays are pickled Python; save strings as an 'S' or 'U' array" : null);
    }

    /// <summary>Finds a key of the header's Python dictionary. The values are a string, a bool and a tuple, so no nesting is met.</summary>
    private static string Value(string text, string key, string source)
    {
        var at = text.IndexOf($"'{key}':", StringComparison.Ordinal);
        if (at < 0)
        {
            throw Damaged(source, $"its header lacks '{key}'");
        }

        var rest = text.AsSpan(at + key.Length + 3).TrimStart();
        var end = rest.IsEmpty ? -1
            : rest[0] == '(' ? rest.IndexOf(')') + 1
            : rest[0] == '\'' ? rest[1..].IndexOf('\'') + 2
            : rest.IndexOfAny(',', '}');
        return end > 0 ? rest[..end].Trim().ToString() : throw Damaged(source, $"its header's '{key}' is cut off");
    }

    private static void ReadExactly(Stream stream, Span<byte> target, string source)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw Damaged(source, "it ends inside its header");
        }
    }

    private static TfRunnerException Damaged(string source, string why) =>
        TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} is not a whole .npy array: {why}");
}
