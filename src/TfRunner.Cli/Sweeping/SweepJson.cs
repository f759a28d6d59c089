using System.Text.Json;
using TfRunner.Cli.Measuring;

namespace TfRunner.Cli.Sweeping;

/// <summary>The report of <c>sweep</c> as JSON.</summary>
internal static class SweepJson
{
    public static void Write(Utf8JsonWriter writer, SweepReport report, string command)
    {
        writer.WriteString("kind", "sweep");
        writer.WriteString("command", command);
        writer.WriteString("model", report.Model);
        writer.WriteBoolean("cancelled", report.WasCancelled);
        writer.WriteStartObject("environment");
        MeasuredJson.WriteMachine(writer, report.Machine);
        writer.WriteEndObject();
        writer.WriteString("best_latency", report.BestLatency?.Setting);
        writer.WriteString("best_throughput", report.BestThroughput?.Setting);
        writer.WriteStartArray("cells");
        foreach (var cell in report.Cells)
        {
            writer.WriteStartObject();
            writer.WriteString("mode", cell.Mode.ToString());
            writer.WriteNumber("batch", cell.Batch);
            writer.WriteNumber("threads", cell.Threads);
            MeasuredJson.Number(writer, "p50_ns", cell.P50);
            MeasuredJson.Number(writer, "p99_ns", cell.P99);
            writer.WriteNumber("rows_per_second", cell.RowsPerSecond);
            writer.WriteString("failure", cell.Failure);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
