using System.Globalization;
using System.Numerics;
using System.Text;

namespace TfRunner.Data.Formats;

/// <summary>Single elements of tensors as text and back, independent of the machine's culture.</summary>
internal static class ElementText
{
    /// <summary>Parses one element into a tensor.</summary>
    /// <param name="text">The text; numbers as in NumPy: <c>nan</c>, <c>inf</c>, <c>-inf</c>, <c>True</c>, <c>1e-3</c>.</param>
    /// <param name="target">The tensor.</param>
    /// <param name="index">Where the element goes.</param>
    /// <returns>False when the text is no value of the tensor's dtype.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, TensorValue target, int index)
    {
        if (target.IsString)
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, bytes);
            target.Strings[index] = bytes;
            return true;
        }

        text = text.Trim();
        switch (target.DType)
        {
            case DType.Float32:
                return TryFloat(text, out target.AsSpan<float>()[index]);
            case DType.Float64:
                return TryFloat(text, out target.AsSpan<double>()[index]);
            case DType.Float16:
                return TryFloat(text, out target.AsSpan<Half>()[index]);
            case DType.BFloat16:
                var parsed = TryFloat<float>(text, out var wide);
                target.AsSpan<BFloat16>()[index] = BFloat16.FromSingle(wide);
                return parsed;
            case DType.Int8:
                return TryInteger(text, out target.AsSpan<sbyte>()[index]);
            case DType.Int16:
                return TryInteger(text, out target.AsSpan<short>()[index]);
            case DType.Int32:
                return TryInteger(text, out target.AsSpan<int>()[index]);
            case DType.Int64:
                return TryInteger(text, out target.AsSpan<long>()[index]);
            case DType.UInt8:
                return TryInteger(text, out target.AsSpan<byte>()[index]);
            case DType.UInt16:
                return TryInteger(text, out target.AsSpan<ushort>()[index]);
            case DType.UInt32:
                return TryInteger(text, out target.AsSpan<uint>()[index]);
            case DType.UInt64:
                return TryInteger(text, out target.AsSpan<ulong>()[index]);
            case DType.Bool:
                return TryBool(text, out target.AsSpan<bool>()[index]);
            case DType.Complex64:
                var complex64 = TryComplex(text, out var both);
                target.AsSpan<Complex64>()[index] = new((float)both.Real, (float)both.Imaginary);
                return complex64;
            case DType.Complex128:
                return TryComplex(text, out target.AsSpan<Complex>()[index]);
            default:
                return false;
        }
    }

    /// <summary>Formats one element so that it parses back to the same value.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="index">Which element.</param>
    /// <returns>The text: shortest form that round-trips; strings as UTF-8 with invalid bytes replaced.</returns>
    public static string Format(TensorValue tensor, int index) => tensor.DType switch
    {
        DType.String => Encoding.UTF8.GetString(tensor.Strings[index]),
        DType.Float32 => Float(tensor.AsSpan<float>()[index]),
        DType.Float64 => Float(tensor.AsSpan<double>()[index]),
        DType.Float16 => Float(tensor.AsSpan<Half>()[index]),
        DType.BFloat16 => Float(tensor.AsSpan<BFloat16>()[index].ToSingle()),
        DType.Int8 or DType.QInt8 => ((sbyte)tensor.Bytes[index]).ToString(CultureInfo.InvariantCulture),
        DType.Int16 or DType.QInt16 => tensor.AsSpan<short>()[index].ToString(CultureInfo.InvariantCulture),
        DType.Int32 or DType.QInt32 => tensor.AsSpan<int>()[index].ToString(CultureInfo.InvariantCulture),
        DType.Int64 => tensor.AsSpan<long>()[index].ToString(CultureInfo.InvariantCulture),
        DType.UInt8 or DType.QUInt8 => tensor.Bytes[index].ToString(CultureInfo.InvariantCulture),
        DType.UInt16 or DType.QUInt16 => tensor.AsSpan<ushort>()[index].ToString(CultureInfo.InvariantCulture),
        DType.UInt32 => tensor.AsSpan<uint>()[index].ToString(CultureInfo.InvariantCulture),
        DType.UInt64 => tensor.AsSpan<ulong>()[index].ToString(CultureInfo.InvariantCulture),
        DType.Bool => tensor.Bytes[index] != 0 ? "true" : "false",
        DType.Complex64 => FormatComplex(tensor.AsSpan<Complex64>()[index].Real, tensor.AsSpan<Complex64>()[index].Imaginary),
        DType.Complex128 => FormatComplex(tensor.AsSpan<Complex>()[index].Real, tensor.AsSpan<Complex>()[index].Imaginary),
        _ => throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"{tensor.DType.Name()} values have no text form", "write .npz"),
    };

    private static string Float<T>(T value)
        where T : IFloatingPoint<T> =>
        T.IsNaN(value) ? "nan"
        : T.IsPositiveInfinity(value) ? "inf"
        : T.IsNegativeInfinity(value) ? "-inf"
        : value.ToString(null, CultureInfo.InvariantCulture);

    private static string FormatComplex<T>(T real, T imaginary)
        where T : IFloatingPoint<T> => $"{Float(real)}{(T.IsNegative(imaginary) ? string.Empty : "+")}{Float(imaginary)}j";

    private static bool TryFloat<T>(ReadOnlySpan<char> text, out T value)
        where T : INumber<T>, IFloatingPointIeee754<T>
    {
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed))
        {
            value = parsed;
            return true;
        }

        var sign = text.StartsWith("-") ? -T.One : T.One;
        var word = text.TrimStart("+-");
        value = word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("infinity", StringComparison.OrdinalIgnoreCase)
            ? sign * T.PositiveInfinity
            : T.NaN;
        return word.Equals("nan", StringComparison.OrdinalIgnoreCase) || T.IsInfinity(value);
    }

    private static bool TryInteger<T>(ReadOnlySpan<char> text, out T value)
        where T : struct, IBinaryInteger<T>
    {
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        // Spreadsheets write whole numbers as 3.0 and 1E+05.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && real == Math.Floor(real) && Math.Abs(real) < 1L << 53)
        {
            try
            {
                value = T.CreateChecked(real);
                return true;
            }
            catch (OverflowException)
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryBool(ReadOnlySpan<char> text, out bool value)
    {
        value = text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryComplex(ReadOnlySpan<char> text, out Complex value)
    {
        text = text.TrimStart('(').TrimEnd(')');
        value = default;
        if (text.IsEmpty || (text[^1] is not ('j' or 'i') && TryFloat(text, out double whole) && (value = whole) == value))
        {
            return !text.IsEmpty;
        }

        if (text[^1] is not ('j' or 'i'))
        {
            return false;
        }

        // The sign between the parts is the last one that does not belong to an exponent.
        var body = text[..^1];
        var split = body.Length - 1;
        while (split > 0 && !(body[split] is '+' or '-' && body[split - 1] is not ('e' or 'E')))
        {
            split--;
        }

        var realText = split <= 0 ? "0" : body[..split];
        if (!TryFloat(realText, out double real) || !TryFloat(split <= 0 ? body : body[split..], out double imaginary))
        {
            return false;
        }

        value = new(real, imaginary);
        return true;
    }
}
