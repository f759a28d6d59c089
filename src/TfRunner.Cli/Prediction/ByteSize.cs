using System.Globalization;

namespace TfRunner.Cli.Prediction;

/// <summary>Sizes of memory as people write them.</summary>
internal static class ByteSize
{
    private static readonly (string Suffix, long Bytes)[] Units =
    [
        ("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("TIB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    /// <summary>Reads a size such as <c>2GiB</c>, <c>512M</c> or <c>1.5 GB</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Bytes; null when it is no size.</returns>
    public static long? TryParse(string text)
    {
        var upper = text.Trim().ToUpperInvariant();
        foreach (var (suffix, bytes) in Units)
        {
            if (upper.EndsWith(suffix, StringComparison.Ordinal))
            {
                return decimal.TryParse(upper.AsSpan(0, upper.Length - suffix.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * bytes <= long.MaxValue
                    ? (long)(number * bytes)
                    : null;
            }
        }

        return null;
    }

    /// <summary>A size in the largest unit that keeps it above one.</summary>
    /// <param name="bytes">Bytes.</param>
    /// <returns>Such as <c>1.5 GiB</c>.</returns>
    public static string Of(long bytes)
    {
        var unit = bytes >= 1L << 30 ? (1L << 30, "GiB") : bytes >= 1L << 20 ? (1L << 20, "MiB") : (1L << 10, "KiB");
        return string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / unit.Item1:0.#} {unit.Item2}");
    }
}
