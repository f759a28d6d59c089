using System.Globalization;
using TfRunner.Diagnosis.Diff;
using TfRunner.Measurement;

namespace TfRunner.Cli.Comparing;

/// <summary>All that is known of a mode's calls, as cells of the page's second table: percentiles with their intervals, outliers, drift and groups.</summary>
internal static class DiffFigures
{
    public static IReadOnlyList<string> Headers { get; } =
        ["mode", "calls", "least", "p50", "p90", "p99", "p99.9", "longest", "mean", "Tukey outliers", "MAD outliers", "drift", "groups"];

    /// <summary>The cells of a row that has figures. A line break parts an estimate from its interval.</summary>
    public static IReadOnlyList<string> Of(DiffRow row, SeriesSummary figures) =>
    [
        row.Mode.ToString(),
        Count(figures.Count),
        Time(figures.Least),
        Percentile(figures.P50), Percentile(figures.P90), Percentile(figures.P99), Percentile(figures.P999),
        Time(figures.Most),
        Time(figures.Mean),
        figures.Outliers is { TukeyFar: > 0 } o ? $"{Count(o.TukeyLow + o.TukeyHigh)}\n{Count(o.TukeyFar)} far out" : Count(figures.Outliers.TukeyLow + figures.Outliers.TukeyHigh),
        Count(figures.Outliers.Mad),
        figures.Drifts ? figures.Drift.RelativeChange.ToString("+0.# %;-0.# %", CultureInfo.InvariantCulture) : "none",
        figures.IsMultimodal ? string.Join("\n", figures.Peaks.Select(Time)) : "one",
    ];

    private static string Percentile(PercentileInterval p) =>
        $"{Time(p.Value)}\n{Range(double.IsFinite(p.Low) ? Time(p.Low) : "?", double.IsFinite(p.High) ? Time(p.High) : "?")}";

    /// <summary>The unit is said once where it is the same.</summary>
    private static string Range(string low, string high) =>
        low.Split(' ') is [var number, var unit] && high.EndsWith(' ' + unit, StringComparison.Ordinal) ? $"{number} to {high}" : $"{low} to {high}";

    private static string Time(double nanoseconds) => new TimeInterval(nanoseconds).ToString();

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
