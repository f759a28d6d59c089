using System.Globalization;

namespace TfRunner.Measurement;

/// <summary>A share or a relative change, such as a threshold of 5 %.</summary>
/// <param name="Fraction">The value as a fraction: 0.05 for 5 %.</param>
internal readonly record struct Percentage(double Fraction) : IComparable<Percentage>
{
    /// <summary>Reads <c>5%</c> or <c>0.5 %</c>.</summary>
    /// <param name="text">A number of 0 or more and a percent sign.</param>
    /// <param name="percentage">The value.</param>
    /// <returns>False when the text is something else.</returns>
    public static bool TryParse(string? text, out Percentage percentage)
    {
        percentage = default;
        text = text?.Trim() ?? string.Empty;
        if (!text.EndsWith('%')
            || !double.TryParse(text.AsSpan(0, text.Length - 1).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        percentage = new(number / 100);
        return double.IsFinite(number);
    }

    public int CompareTo(Percentage other) => Fraction.CompareTo(other.Fraction);

    public override string ToString() => (Fraction * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";
}
