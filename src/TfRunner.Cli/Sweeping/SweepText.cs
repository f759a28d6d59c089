using System.Globalization;
using TfRunner.Cli.Output;

namespace TfRunner.Cli.Sweeping;

/// <summary>The report of <c>sweep</c> for a terminal: per mode a heat map whose shades tell the share of the best throughput.</summary>
internal static class SweepText
{
    private static readonly string[] Shades = ["    ", "░░░░", "▒▒▒▒", "▓▓▓▓", "████"];

    public static void Write(TextWriter writer, SweepReport report)
    {
        var best = report.BestThroughput?.RowsPerSecond ?? 1;
        foreach (var mode in report.Modes)
        {
            writer.WriteLine($"{mode}: rows per second and median latency, by rows per call (down) and threads (across); darker is more throughput");
            string[] headers = ["batch", .. report.Threads.Select(static t => t == 0 ? "threads: engine's choice" : FormattableString.Invariant($"threads: {t}"))];
            TextTable.Write(writer, headers, report.Batches.Select(batch => (string[])
            [
                batch.ToString(CultureInfo.InvariantCulture),
                .. report.Threads.Select(threads => Cell(report.Find(mode, batch, threads), best)),
            ]));
            foreach (var reason in report.Cells.Where(c => c.Mode == mode && c.Failure is not null).Select(static c => c.Failure).Distinct())
            {
                writer.WriteLine($"failed: {reason}");
            }

            writer.WriteLine();
        }

        if (report.BestLatency is { } latency && report.BestThroughput is { } throughput)
        {
            writer.WriteLine($"least latency:   {latency.Setting}   ({latency.Latency})");
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"most throughput: {throughput.Setting}   ({throughput.RowsPerSecond:N0} rows/s)"));
        }
    }

    private static string Cell(SweepCell? cell, double best) =>
        cell is null ? "not measured"
        : cell.Failure is not null ? "failed"
        : string.Create(CultureInfo.InvariantCulture, $"{Shades[(int)Math.Clamp(cell.RowsPerSecond / best * 4.999, 0, 4)]} {cell.RowsPerSecond:N0}/s {cell.Latency}");
}
