using System.Text.Json;
using TfRunner.Cli.Measuring;
using TfRunner.Diagnosis.Bench;

namespace TfRunner.Cli.Benching;

/// <summary>The report of <c>bench</c> as JSON, with every raw time. Times are in nanoseconds.</summary>
internal static class BenchJson
{
    public static void Write(Utf8JsonWriter writer, BenchReport report, string command)
    {
        writer.WriteString("kind", "bench");
        writer.WriteString("command", command);
        writer.WriteString("model", report.Model);
        writer.WriteString("signature", report.Signature);
        writer.WriteString("mode", report.Options.Mode.ToString());
        writer.WriteNumber("batch", report.Batch);
        writer.WriteString("inputs", report.Inputs);
        MeasuredJson.Number(writer, "rate", report.Options.Rate);
        writer.WriteBoolean("cancelled", report.WasCancelled);
        MeasuredJson.WriteEnvironment(writer, report.Machine, report.Clock, new Dictionary<string, string> { [report.Options.Mode.Engine] = report.EngineVersion });
        writer.WriteStartArray("rows");
        foreach (var row in report.Rows)
        {
            writer.WriteStartObject();
            writer.WriteString("name", FormattableString.Invariant($"{report.Options.Mode} batch {report.Batch} callers {row.Concurrency}{Rate(report)}"));
            writer.WriteNumber("concurrency", row.Concurrency);
            writer.WriteNumber("calls_per_second", row.CallsPerSecond);
            writer.WriteNumber("rows_per_second", report.RowsPerSecond(row));
            writer.WriteNumber("others_share", row.Others);
            writer.WriteNumber("late", row.Load.Late);
            writer.WriteNumber("missed", row.Load.Missed);
            writer.WriteBoolean("stable", row.Load.IsStable);
            if (row.Latency is { } latency)
            {
                MeasuredJson.WriteSummary(writer, latency);
            }

            var scale = 1e9 / report.TicksPerSecond;
            MeasuredJson.WriteNumbers(writer, "starts_ns", [.. row.Load.Requests.Select(r => r.Intended - row.Load.Began)], scale);
            MeasuredJson.WriteNumbers(writer, "times_ns", [.. row.Load.Requests.Select(static r => r.Latency)], scale);
            MeasuredJson.WriteNumbers(writer, "service_ns", [.. row.Load.Requests.Select(static r => r.Service)], scale);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Rate(BenchReport report) => report.Options.Rate is { } rate ? FormattableString.Invariant($" rate {rate}") : string.Empty;
}
