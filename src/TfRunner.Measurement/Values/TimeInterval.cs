using System.Globalization;

namespace TfRunner.Measurement;

/// <summary>A span of time as measured.</summary>
/// <param name="Nanoseconds">The length in nanoseconds.</param>
internal readonly record struct TimeInterval(double Nanoseconds) : IComparable<TimeInterval>
{
    private static readonly (string Unit, double Nanoseconds)[] Units =
        [("ns", 1), ("us", 1e3), ("µs", 1e3), ("ms", 1e6), ("min", 60e9), ("s", 1e9), ("m", 60e9), ("h", 3600e9)];

    public double Microseconds => Nanoseconds / 1e3;

    public double Milliseconds => Nanoseconds / 1e6;

    public double Seconds => Nanoseconds / 1e9;

    public static TimeInterval FromSeconds(double seconds) => new(seconds * 1e9);

    public static TimeInterval FromMilliseconds(double milliseconds) => new(milliseconds * 1e6);

    /// <summary>Reads what people write: <c>10ms</c>, <c>1.5 s</c>, <c>30s</c>, <c>2min</c>.</summary>
    /// <param name="text">A number of 0 or more and a unit: ns, us, ms, s, m, min or h.</param>
    /// <param name="interval">The interval.</param>
    /// <returns>False when the text is something else.</returns>
    public static bool TryParse(string? text, out TimeInterval interval)
    {
        interval = default;
        text = text?.Trim() ?? string.Empty;
        foreach (var (unit, nanoseconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                interval = new(number * nanoseconds);
                return double.IsFinite(interval.Nanoseconds);
            }
        }

        return false;
    }

    public int CompareTo(TimeInterval other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public TimeSpan ToTimeSpan() => TimeSpan.FromTicks((long)(Nanoseconds / 100));

    /// <summary>Three significant digits and the unit that suits: <c>18.2 us</c>, <c>1.23 ms</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var size = Math.Abs(Nanoseconds);
        return double.IsNaN(size) ? "-"
            : size < 999.5 ? Significant(Nanoseconds) + " ns"
            : size < 999.5e3 ? Significant(Microseconds) + " us"
            : size < 999.5e6 ? Significant(Milliseconds) + " ms"
            : Significant(Seconds) + " s";
    }

    private static string Significant(double value)
    {
        var size = Math.Abs(value);
        return value.ToString(size >= 99.95 ? "F0" : size >= 9.995 ? "F1" : "F2", CultureInfo.InvariantCulture);
    }
}
