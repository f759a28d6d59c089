using System.Buffers.Binary;
using System.Globalization;

namespace TfRunner.Data.Formats.Csv;

/// <summary>
/// Decimal numbers in UTF-8 as a table has them, read without looking for their end first. Takes the usual forms only and
/// says no to the rest, which <see cref="ElementText"/> then reads. What it takes is rounded as IEEE 754 asks.
/// Source: W. Clinger, How to Read Floating Point Numbers Accurately, 1990 (the exact cases); eight digits at a time as in
/// D. Lemire, Number Parsing at a Gigabyte per Second, 2021.
/// </summary>
internal static class DecimalNumber
{
    // Any 19 digits fit 64 bits.
    private const int MostDigits = 19;

    // Powers of ten up to this one are exact in a double.
    private const int ExactPower = 22;
    private const int ExponentCap = 10_000;

    // A double has 29 bits that a float lacks; the middle between two floats is where the first of them alone is set.
    private const long LostBits = 0x1FFFFFFF;
    private const long Middle = 0x10000000;
    private const long Doubt = 8;

    private static readonly double[] Powers = [.. Enumerable.Range(0, ExactPower + 1).Select(static e => double.Parse("1e" + e.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))];

    /// <summary>Reads a float32 at the start of a text.</summary>
    /// <param name="text">Begins with the number.</param>
    /// <param name="value">The number.</param>
    /// <returns>How many bytes it takes; 0 when it must be read another way.</returns>
    public static int TryRead(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        var length = Scan(text, out var negative, out var mantissa, out var exponent);
        if (length == 0 || exponent is < -ExactPower or > ExactPower)
        {
            return 0;
        }

        // Two roundings, each by half a unit in the last place of a double, matter only next to the middle of two floats.
        var wide = exponent < 0 ? mantissa / Powers[-exponent] : mantissa * Powers[exponent];
        var rest = BitConverter.DoubleToInt64Bits(wide) & LostBits;
        if (Math.Abs(rest - Middle) <= Doubt || (wide != 0 && wide is < 1e-37 or > 1e38))
        {
            return 0;
        }

        value = (float)(negative ? -wide : wide);
        return length;
    }

    /// <summary>Reads a float64 at the start of a text.</summary>
    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out float)"/>
    public static int TryRead(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        var length = Scan(text, out var negative, out var mantissa, out var exponent);
        if (length == 0 || exponent is < -ExactPower or > ExactPower || mantissa > 1UL << 53)
        {
            return 0;
        }

        // Both are exact, so one rounding is all there is.
        var exact = exponent < 0 ? mantissa / Powers[-exponent] : mantissa * Powers[exponent];
        value = negative ? -exact : exact;
        return length;
    }

    /// <summary>Reads a whole number at the start of a text.</summary>
    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out float)"/>
    public static int TryRead(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        var at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        var first = at;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            value = unchecked((value * 10) + (text[at] - '0'));
        }

        value = first == 0 ? value : -value;
        return at == first || at - first >= MostDigits ? 0 : at;
    }

    private static int Scan(ReadOnlySpan<byte> text, out bool negative, out ulong mantissa, out int exponent)
    {
        mantissa = 0;
        exponent = 0;
        var at = 0;
        negative = text.Length > 0 && text[0] == '-';
        at += negative ? 1 : 0;
        var first = at;
        at = Digits(text, at, ref mantissa);
        var digits = at - first;
        if (at < text.Length && text[at] == '.')
        {
            first = ++at;
            at = Digits(text, at, ref mantissa);
            exponent = first - at;
            digits += at - first;
        }

        if (digits is 0 or > MostDigits)
        {
            return 0;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            var down = at < text.Length && text[at] == '-';
            at += down || (at < text.Length && text[at] == '+') ? 1 : 0;
            first = at;
            var power = 0;
            for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
            {
                power = Math.Min((power * 10) + (text[at] - '0'), ExponentCap);
            }

            if (at == first)
            {
                return 0;
            }

            exponent += down ? -power : power;
        }

        return at;
    }

    /// <summary>Appends digits to a number. More than it can hold overflow; the caller counts them.</summary>
    private static int Digits(ReadOnlySpan<byte> text, int at, ref ulong value)
    {
        while (at + 8 <= text.Length)
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(text[at..]);
            if ((((eight & 0xF0F0F0F0F0F0F0F0) | (((eight + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) ^ 0x3333333333333333) != 0)
            {
                break;
            }

            // Pairs, then fours, then all eight, each by one multiplication.
            eight -= 0x3030303030303030;
            eight = (eight * 10) + (eight >> 8);
            eight = ((((eight & 0x000000FF000000FF) * 0x000F424000000064) + (((eight >> 16) & 0x000000FF000000FF) * 0x0000271000000001)) >> 32) & 0xFFFFFFFF;
            value = unchecked((value * 100_000_000) + eight);
            at += 8;
        }

        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
        {
            value = unchecked((value * 10) + (ulong)(text[at] - '0'));
        }

        return at;
    }
}
