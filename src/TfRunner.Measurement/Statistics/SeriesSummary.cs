namespace TfRunner.Measurement;

/// <summary>What is said of one contender's calls. Times are in nanoseconds.</summary>
/// <param name="Count">How many calls.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest.</param>
/// <param name="P50">The median with its interval.</param>
/// <param name="P90">The 90th percentile with its interval.</param>
/// <param name="P99">The 99th percentile with its interval.</param>
/// <param name="P999">The 99.9th percentile with its interval.</param>
/// <param name="Spread">The interquartile range as a share of the median.</param>
/// <param name="Outliers">How many calls lie far out.</param>
/// <param name="Drift">The trend over the run.</param>
/// <param name="Peaks">The centres of the distribution's peaks.</param>
internal sealed record SeriesSummary(
    int Count,
    double Mean,
    double Least,
    double Most,
    PercentileInterval P50,
    PercentileInterval P90,
    PercentileInterval P99,
    PercentileInterval P999,
    double Spread,
    OutlierCount Outliers,
    Trend Drift,
    IReadOnlyList<double> Peaks)
{
    private const double MinDriftChange = 0.05;
    private const double MaxDriftProbability = 0.01;

    /// <summary>Whether the times rose or fell by 5 % or more over the run, beyond chance.</summary>
    public bool Drifts => Drift.PValue < MaxDriftProbability && Math.Abs(Drift.RelativeChange) >= MinDriftChange;

    /// <summary>Whether the times fall into several groups.</summary>
    public bool IsMultimodal => Peaks.Count > 1;

    /// <summary>Sums up a series.</summary>
    /// <param name="times">In the order of time; at least one.</param>
    /// <returns>The summary.</returns>
    public static SeriesSummary Of(double[] times)
    {
        ArgumentOutOfRangeException.ThrowIfZero(times.Length);
        var sorted = Percentiles.Sorted(times);
        var p50 = PercentileInterval.OfSorted(sorted, 0.5);
        return new(
            times.Length,
            times.Average(),
            sorted[0],
            sorted[^1],
            p50,
            PercentileInterval.OfSorted(sorted, 0.9),
            PercentileInterval.OfSorted(sorted, 0.99),
            PercentileInterval.OfSorted(sorted, 0.999),
            p50.Value == 0 ? 0 : (Percentiles.OfSorted(sorted, 0.75) - Percentiles.OfSorted(sorted, 0.25)) / p50.Value,
            OutlierCount.OfSorted(sorted),
            Trend.Of(times),
            Modality.Peaks(sorted));
    }
}
