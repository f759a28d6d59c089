using System.Globalization;

namespace TfRunner.Measurement;

/// <summary>An amount of memory or data.</summary>
/// <param name="Bytes">The number of bytes.</param>
internal readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1024d), ("MiB", 1024d * 1024), ("GiB", 1024d * 1024 * 1024), ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1),
    ];

    /// <summary>Reads <c>512B</c>, <c>10 MB</c>, <c>1.5GiB</c>.</summary>
    /// <param name="text">A number of 0 or more and a unit: B, kB, MB, GB, KiB, MiB or GiB.</param>
    /// <param name="size">The size, rounded to whole bytes.</param>
    /// <returns>False when the text is something else.</returns>
    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        text = text?.Trim() ?? string.Empty;
        foreach (var (unit, bytes) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * bytes < long.MaxValue)
            {
                size = new((long)Math.Round(number * bytes));
                return true;
            }
        }

        return false;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Three significant digits in decimal units: <c>12.3 MB</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var size = Math.Abs((double)Bytes);
        return size < 1000 ? string.Create(CultureInfo.InvariantCulture, $"{Bytes} B")
            : size < 999.5e3 ? Scaled(1e3, "kB")
            : size < 999.5e6 ? Scaled(1e6, "MB")
            : Scaled(1e9, "GB");
    }

    private string Scaled(double unit, string name)
    {
        var value = Bytes / unit;
        var format = Math.Abs(value) >= 99.95 ? "F0" : Math.Abs(value) >= 9.995 ? "F1" : "F2";
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + name;
    }
}
