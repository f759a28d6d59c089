namespace TfRunner.Onnx.Host.Numerics;

/// <summary>
/// The 8-bit floats E4M3FN (no infinities, one NaN, largest 448) and E5M2 (as IEEE 754). Source: P. Micikevicius et al., FP8 Formats for Deep
/// Learning, 2022; rounding to the nearest even one, what is too large to NaN (E4M3FN) or infinity (E5M2) as TensorFlow's casts do.
/// </summary>
internal static class Float8
{
    /// <summary>Whether a dtype is one of the two.</summary>
    /// <param name="dtype">The dtype.</param>
    /// <returns>True for E4M3FN and E5M2.</returns>
    public static bool Is(DType dtype) => dtype is DType.Float8E4M3FN or DType.Float8E5M2;

    /// <summary>The number that bits stand for.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="dtype">The format.</param>
    /// <returns>The number.</returns>
    public static double Decode(byte bits, DType dtype)
    {
        var (mantissa, bias) = Format(dtype);
        var magnitude = bits & 0x7F;
        var sign = (bits & 0x80) == 0 ? 1.0 : -1.0;
        if (dtype == DType.Float8E4M3FN ? magnitude == 0x7F : magnitude > 0x7C)
        {
            return double.NaN;
        }

        if (dtype == DType.Float8E5M2 && magnitude == 0x7C)
        {
            return sign * double.PositiveInfinity;
        }

        var exponent = magnitude >> mantissa;
        var fraction = magnitude & ((1 << mantissa) - 1);
        return sign * (exponent == 0
            ? Math.ScaleB(fraction, 1 - bias - mantissa)
            : Math.ScaleB(fraction + (1 << mantissa), exponent - bias - mantissa));
    }

    /// <summary>The bits of the nearest number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="dtype">The format.</param>
    /// <returns>The bits.</returns>
    public static byte Encode(double value, DType dtype)
    {
        var (mantissa, bias) = Format(dtype);
        var sign = double.IsNegative(value) ? 0x80 : 0;
        var (largest, beyond) = dtype == DType.Float8E4M3FN ? (0x7E, 0x7F) : (0x7B, 0x7C);
        if (double.IsNaN(value))
        {
            return (byte)(sign | (dtype == DType.Float8E4M3FN ? 0x7F : 0x7E));
        }

        if (double.IsInfinity(value))
        {
            return (byte)(sign | beyond);
        }

        var size = Math.Abs(value);
        var exponent = size == 0 ? 1 - bias : Math.Max(Math.ILogB(size), 1 - bias);

        // The leading bit of a normal number, and a carry, run over into the exponent.
        var steps = (long)Math.Round(Math.ScaleB(size, mantissa - exponent), MidpointRounding.ToEven);
        var bits = ((long)(exponent + bias - 1) << mantissa) + steps;
        return (byte)(sign | (bits > largest ? beyond : (int)bits));
    }

    private static (int Mantissa, int Bias) Format(DType dtype) => dtype == DType.Float8E4M3FN ? (3, 7) : (2, 15);
}
