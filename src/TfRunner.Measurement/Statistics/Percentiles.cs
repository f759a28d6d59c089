namespace TfRunner.Measurement;

/// <summary>
/// Percentiles by linear interpolation between order statistics: definition 7 of Hyndman and Fan, "Sample Quantiles in
/// Statistical Packages" (1996), which is NumPy's default.
/// </summary>
internal static class Percentiles
{
    /// <summary>One percentile of sorted values.</summary>
    /// <param name="sorted">Ascending; NaN when empty.</param>
    /// <param name="fraction">0 to 1.</param>
    /// <returns>The percentile.</returns>
    public static double OfSorted(ReadOnlySpan<double> sorted, double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }

        var position = fraction * (sorted.Length - 1);
        var below = (int)position;
        return below == sorted.Length - 1 ? sorted[below] : Between(sorted[below], sorted[below + 1], position - below);
    }

    /// <summary>The median of values in any order.</summary>
    /// <param name="values">The values; not changed.</param>
    /// <returns>The median; NaN when empty.</returns>
    public static double Median(ReadOnlySpan<double> values) => OfSorted(Sorted(values), 0.5);

    public static double[] Sorted(ReadOnlySpan<double> values)
    {
        var copy = values.ToArray();
        Array.Sort(copy);
        return copy;
    }

    // From the nearer end, as NumPy does, so that the last bits agree.
    private static double Between(double a, double b, double share) =>
        a == b ? a : share >= 0.5 ? b - ((b - a) * (1 - share)) : a + ((b - a) * share);
}
