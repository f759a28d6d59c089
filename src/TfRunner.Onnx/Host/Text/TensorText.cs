using System.Globalization;
using System.Numerics;
using System.Text;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Text;

/// <summary>Prints numbers as C's printf and whole tensors as TensorFlow's SummarizeValue does.</summary>
internal static class TensorText
{
    /// <summary>A tensor's elements, nested in brackets.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="summarize">How many elements at each end of a dimension; -1 all.</param>
    /// <returns>The text.</returns>
    public static string Of(TensorValue x, int summarize)
    {
        var elements = Enumerable.Range(0, (int)x.Length).Select(i => Element(x, i)).ToArray();
        return Part(x, elements, 0, 0, summarize);
    }

    /// <summary>A float with C's %g and 6 digits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="digits">Significant digits.</param>
    /// <returns>The text.</returns>
    public static string General(double value, int digits = 6)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        if (value == 0)
        {
            return double.IsNegative(value) ? "-0" : "0";
        }

        var scientific = Scientific(value, digits - 1);
        var exponent = int.Parse(scientific[(scientific.IndexOf('e') + 1)..], CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= digits)
        {
            var mantissa = scientific[..scientific.IndexOf('e')];
            mantissa = mantissa.Contains('.') ? mantissa.TrimEnd('0').TrimEnd('.') : mantissa;
            return mantissa + scientific[scientific.IndexOf('e')..];
        }

        var fixedText = value.ToString("F" + Math.Max(0, digits - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return fixedText.Contains('.') ? fixedText.TrimEnd('0').TrimEnd('.') : fixedText;
    }

    /// <summary>A float with C's %e.</summary>
    /// <param name="value">The value.</param>
    /// <param name="digits">Digits after the point.</param>
    /// <returns>The text, its exponent at least two digits long.</returns>
    public static string Scientific(double value, int digits) =>
        value.ToString((digits == 0 ? "0" : "0." + new string('0', digits)) + "e+00", CultureInfo.InvariantCulture);

    public static string Element(TensorValue x, int i) => x.DType switch
    {
        DType.String => Encoding.UTF8.GetString(x.Strings[i]),
        DType.Bool => x.Bytes[i] != 0 ? "true" : "false",
        DType.Float32 => General(x.AsSpan<float>()[i]),
        DType.Float64 => General(x.AsSpan<double>()[i]),
        DType.UInt64 => x.AsSpan<ulong>()[i].ToString(CultureInfo.InvariantCulture),
        DType.Complex64 or DType.Complex128 => Complex(x, i),
        _ when x.DType.IsInteger() => ArrayCast.ToLongs(x)[i].ToString(CultureInfo.InvariantCulture),
        _ => General(ArrayCast.ToDoubles(x)[i]),
    };

    private static string Complex(TensorValue x, int i)
    {
        var z = x.DType == DType.Complex64 ? new Complex(x.AsSpan<Complex64>()[i].Real, x.AsSpan<Complex64>()[i].Imaginary) : x.AsSpan<Complex>()[i];
        return $"({General(z.Real)},{General(z.Imaginary)})";
    }

    private static string Part(TensorValue x, string[] elements, int axis, long offset, int summarize)
    {
        if (axis == x.Rank)
        {
            return x.IsString && x.Rank > 0 ? $"\"{elements[offset]}\"" : elements[offset];
        }

        var n = x.Dimensions[axis];
        var inner = Strides.Count(x.Dimensions[(axis + 1)..]);
        var parts = new List<string>();
        for (var i = 0L; i < n; i++)
        {
            if (summarize >= 0 && n > 2L * summarize && i >= summarize && i < n - summarize)
            {
                parts.Add("...");
                i = n - summarize - 1;
                continue;
            }

            parts.Add(Part(x, elements, axis + 1, offset + (i * inner), summarize));
        }

        return "[" + string.Join(axis == x.Rank - 1 ? " " : "\n", parts) + "]";
    }
}
