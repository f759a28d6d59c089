using System.Globalization;
using System.Text;
using TfRunner.Diagnosis.Diff;

namespace TfRunner.Cli.Comparing;

/// <summary>The report of <c>diff</c> as CSV (RFC 4180): one line per mode and batch size, times in nanoseconds.</summary>
internal static class DiffCsv
{
    public static string Text(DiffReport report)
    {
        var text = new StringBuilder();
        text.Append("batch,mode,calls,cold_ns,new_shape_ns,p50_ns,p50_low_ns,p50_high_ns,p90_ns,p99_ns,p999_ns,mean_ns,min_ns,max_ns,spread,ratio,ratio_low,ratio_high,verdict,max_abs_diff,max_rel_diff,reason\n");
        foreach (var batch in report.Batches)
        {
            foreach (var row in batch.Rows)
            {
                var s = row.Summary;
                string?[] cells =
                [
                    batch.Batch.ToString(CultureInfo.InvariantCulture),
                    row.Mode.ToString(),
                    (s?.Count ?? 0).ToString(CultureInfo.InvariantCulture),
                    Number(row.ColdMedian.Nanoseconds), Number(row.NewShape?.Nanoseconds), Number(s?.P50.Value), Number(s?.P50.Low), Number(s?.P50.High),
                    Number(s?.P90.Value), Number(s?.P99.Value), Number(s?.P999.Value), Number(s?.Mean), Number(s?.Least), Number(s?.Most),
                    Number(s?.Spread), Number(row.Ratio?.Ratio), Number(row.Ratio?.Low), Number(row.Ratio?.High),
                    row.Mode == report.Baseline ? "baseline" : row.Verdict?.ToString().ToLowerInvariant(),
                    Number(row.Difference?.MaxAbsolute), Number(row.Difference?.MaxRelative), row.Reason,
                ];
                text.AppendJoin(',', cells.Select(Quote)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Number(double? value) =>
        value is { } v && !double.IsNaN(v) ? double.IsInfinity(v) ? (v > 0 ? "inf" : "-inf") : v.ToString("G9", CultureInfo.InvariantCulture) : string.Empty;

    private static string Quote(string? cell) =>
        cell is null ? string.Empty : cell.AsSpan().ContainsAny(",\"\n\r") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
