using System.Globalization;
using TfRunner.Diagnosis.Diff;
using TfRunner.Measurement;

namespace TfRunner.Cli.Comparing;

/// <summary>The cells of the table that <c>diff</c> prints, the same in every format for people.</summary>
internal static class DiffCells
{
    private const int MostOfRemark = 160;

    public static IReadOnlyList<string> Headers { get; } =
        ["mode", ">cold call", ">new shape", ">p50", ">p90", ">p99", ">spread", ">ratio", "verdict", ">max abs diff", ">max rel diff", "remark"];

    public static IReadOnlyList<string> Of(DiffRow row, bool isBaseline, bool isShort = true)
    {
        var summary = row.Summary;
        return
        [
            row.Mode.ToString(),
            row.ColdMedian.ToString(),
            Time(row.NewShapeCost?.Nanoseconds),
            Time(summary?.P50.Value),
            Time(summary?.P90.Value),
            Time(summary?.P99.Value),
            summary is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{summary.Spread * 100:0.0} %"),
            isBaseline && summary is not null ? "1" : Ratio(row.Ratio),
            isBaseline && summary is not null ? "baseline" : Verdict(row),
            isBaseline || row.Difference is null ? "-" : Number(row.Difference.MaxAbsolute),
            isBaseline || row.Difference is null ? "-" : Number(row.Difference.MaxRelative),
            row.Reason is { } reason && (row.Summary is null || row.Difference?.Mismatch is null) ? Line(reason, isShort) : row.Difference?.Mismatch is { } mismatch ? Line(mismatch, isShort) : string.Empty,
        ];
    }

    public static string Ratio(RatioInterval? ratio) =>
        ratio is null || !double.IsFinite(ratio.Ratio) ? "-"
        : double.IsFinite(ratio.High) && ratio.Low > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Short(ratio.Ratio)} [{Short(ratio.Low)}, {Short(ratio.High)}]")
            : Short(ratio.Ratio);

    private static string Verdict(DiffRow row) =>
        row.Verdict?.ToString().ToLowerInvariant() ?? (row.Reason is null || row.Summary is not null ? "-" : row.Reason.StartsWith(DiffRow.NoTime, StringComparison.Ordinal) ? "no time" : "not run");

    private static string Time(double? nanoseconds) => nanoseconds is { } ns ? ns == 0 ? "0" : new TimeInterval(ns).ToString() : "-";

    private static string Short(double ratio) => ratio.ToString(ratio >= 99.5 ? "F0" : ratio >= 9.95 ? "F1" : ratio >= 0.0995 ? "F2" : "G2", CultureInfo.InvariantCulture);

    private static string Number(double value) => value == 0 ? "0" : value.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private static string Line(string text, bool isShort) => text.ReplaceLineEndings(" ") is var line && isShort && line.Length > MostOfRemark ? line[..(MostOfRemark - 3)] + "..." : line;
}
