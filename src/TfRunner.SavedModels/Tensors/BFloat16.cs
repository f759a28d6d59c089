namespace TfRunner;

/// <summary>The upper 16 bits of an IEEE 754 binary32: 8 exponent bits, 7 mantissa bits.</summary>
/// <param name="Bits">The raw bits.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Rounds to nearest, ties to even; NaN stays a quiet NaN.</summary>
    /// <param name="value">The value to round.</param>
    public static explicit operator BFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value)
            ? new((ushort)((bits >> 16) | 0x0040))
            : new((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Widens without loss.</summary>
    /// <param name="value">The value to widen.</param>
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <summary>Rounds to nearest, ties to even.</summary>
    /// <param name="value">The value to round.</param>
    /// <returns>The rounded value.</returns>
    public static BFloat16 FromSingle(float value) => (BFloat16)value;

    /// <summary>Widens without loss.</summary>
    /// <returns>The same value as binary32.</returns>
    public float ToSingle() => (float)this;
}
