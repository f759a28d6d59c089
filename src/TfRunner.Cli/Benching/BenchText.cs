using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Bench;
using TfRunner.Measurement;

namespace TfRunner.Cli.Benching;

/// <summary>The report of <c>bench</c> for a terminal.</summary>
internal static class BenchText
{
    private static readonly string[] Headers =
        [">callers", ">calls", ">calls/s", ">rows/s", ">p50", ">p90", ">p99", ">p99.9", ">longest", ">late", ">missed", "state"];

    public static void Write(TextWriter writer, BenchReport report)
    {
        writer.WriteLine($"{report.Model}, signature {report.Signature}, {report.Options.Mode} ({report.EngineVersion})");
        writer.WriteLine($"{report.Machine.Processor}, {report.Machine.Processors} processors");
        writer.WriteLine($"inputs: {report.Inputs}");
        writer.WriteLine(report.Options.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"open loop: {rate:0.##} calls per second, {report.Options.Pattern.ToString().ToLowerInvariant()} arrivals, timed from the intended start")
            : "closed loop: each caller starts its next call when the last one ended");
        writer.WriteLine();
        TextTable.Write(writer, Headers, report.Rows.Select(r => Cells(report, r)));
        writer.WriteLine($"measuring a call costs {report.Clock.Loop}, which is not subtracted");
        foreach (var row in report.Rows.Where(static r => ProcessorUse.RatioError(r.Others) > 0))
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"note: other work used {row.Others * 100:0} % of the processors' time at {row.Concurrency} caller{(row.Concurrency == 1 ? "" : "s")}: a quiet machine is faster"));
        }

        foreach (var row in report.Rows.Where(static r => r.Load.Missed > 0 || r.Load.Late > r.Load.Requests.Count / 20))
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"note: {row.Concurrency} callers could not keep up: {row.Load.Late} calls started late and {row.Load.Missed} not at all; use more with --concurrency, or a lower --rate"));
        }
    }

    private static string[] Cells(BenchReport report, BenchRow row)
    {
        string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.0", CultureInfo.InvariantCulture);
        string Time(double? nanoseconds) => nanoseconds is { } ns ? new TimeInterval(ns).ToString() : "-";
        return
        [
            row.Concurrency.ToString(CultureInfo.InvariantCulture),
            row.Load.Requests.Count.ToString("N0", CultureInfo.InvariantCulture),
            Number(row.CallsPerSecond),
            Number(report.RowsPerSecond(row)),
            Time(row.Latency?.P50.Value), Time(row.Latency?.P90.Value), Time(row.Latency?.P99.Value), Time(row.Latency?.P999.Value), Time(row.Latency?.Most),
            row.Load.Late.ToString("N0", CultureInfo.InvariantCulture),
            row.Load.Missed.ToString("N0", CultureInfo.InvariantCulture),
            row.Load.WasCancelled ? "cancelled" : row.Load.IsStable ? "stable" : "time was up",
        ];
    }
}
