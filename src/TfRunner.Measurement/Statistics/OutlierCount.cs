namespace TfRunner.Measurement;

/// <summary>How many values lie far out. They are counted and stay in every other figure.</summary>
/// <param name="TukeyLow">Below the first quartile by more than 1.5 interquartile ranges (Tukey 1977).</param>
/// <param name="TukeyHigh">Above the third quartile by more than 1.5 interquartile ranges.</param>
/// <param name="TukeyFar">Beyond the quartiles by more than 3 interquartile ranges, on either side.</param>
/// <param name="Mad">With a modified z-score above 3.5 (Iglewicz and Hoaglin 1993).</param>
internal sealed record OutlierCount(int TukeyLow, int TukeyHigh, int TukeyFar, int Mad)
{
    // Makes the median absolute deviation a standard deviation for normal data: 1 / 0.6745.
    private const double MadToSigma = 1.4826;

    public static OutlierCount OfSorted(ReadOnlySpan<double> sorted)
    {
        if (sorted.Length < 4)
        {
            return new(0, 0, 0, 0);
        }

        var (q1, q3) = (Percentiles.OfSorted(sorted, 0.25), Percentiles.OfSorted(sorted, 0.75));
        var (median, mad) = (Percentiles.OfSorted(sorted, 0.5), MedianAbsoluteDeviation(sorted));
        var (range, limit) = (q3 - q1, 3.5 * MadToSigma * mad);
        var (low, high, far, modified) = (0, 0, 0, 0);
        foreach (var value in sorted)
        {
            low += value < q1 - (1.5 * range) ? 1 : 0;
            high += value > q3 + (1.5 * range) ? 1 : 0;
            far += value < q1 - (3 * range) || value > q3 + (3 * range) ? 1 : 0;
            modified += Math.Abs(value - median) > limit ? 1 : 0;
        }

        return new(low, high, far, modified);
    }

    public static double MedianAbsoluteDeviation(ReadOnlySpan<double> sorted)
    {
        var median = Percentiles.OfSorted(sorted, 0.5);
        var deviations = new double[sorted.Length];
        for (var i = 0; i < deviations.Length; i++)
        {
            deviations[i] = Math.Abs(sorted[i] - median);
        }

        return Percentiles.Median(deviations);
    }
}
