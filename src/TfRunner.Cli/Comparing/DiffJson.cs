using System.Text.Json;
using TfRunner.Cli.Measuring;
using TfRunner.Diagnosis.Diff;

namespace TfRunner.Cli.Comparing;

/// <summary>The report of <c>diff</c> as JSON, with every raw time. Times are in nanoseconds.</summary>
internal static class DiffJson
{
    public static void Write(Utf8JsonWriter writer, DiffReport report, string command)
    {
        writer.WriteString("kind", "diff");
        writer.WriteString("command", command);
        writer.WriteString("model", report.Model);
        writer.WriteString("signature", report.Signature);
        writer.WriteString("baseline", report.Baseline?.ToString());
        writer.WriteBoolean("cancelled", report.WasCancelled);
        MeasuredJson.WriteEnvironment(writer, report.Machine, report.Clock, report.EngineVersions);
        writer.WriteStartArray("notes");
        foreach (var note in DiffNotes.Of(report))
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rows");
        foreach (var batch in report.Batches)
        {
            foreach (var row in batch.Rows)
            {
                Write(writer, report, batch, row);
            }
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, DiffReport report, DiffBatch batch, DiffRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("name", batch.Batch > 0 ? FormattableString.Invariant($"{row.Mode} batch {batch.Batch}") : row.Mode.ToString());
        writer.WriteString("mode", row.Mode.ToString());
        writer.WriteNumber("batch", batch.Batch);
        writer.WriteString("inputs", batch.Inputs);
        writer.WriteString("reason", row.Reason);
        writer.WriteNumber("rounds", batch.Rounds);
        writer.WriteNumber("others_share", batch.Others);
        writer.WriteString("end", batch.End?.ToString().ToLowerInvariant());
        writer.WriteStartArray("cold");
        foreach (var cold in row.Cold.Where(static c => c.Failure is null))
        {
            writer.WriteStartObject();
            writer.WriteNumber("load_ns", cold.Load);
            writer.WriteNumber("first_ns", cold.First);
            writer.WriteNumber("second_ns", cold.Second);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        MeasuredJson.Number(writer, "new_shape_ns", row.NewShape?.Nanoseconds);
        MeasuredJson.Number(writer, "new_shape_cost_ns", row.NewShapeCost?.Nanoseconds);
        if (row.Compiles)
        {
            MeasuredJson.Number(writer, "compile_ns", row.NewShapeCost?.Nanoseconds);
        }

        if (row.WarmUp is { } warmUp)
        {
            writer.WriteStartObject("warm_up");
            writer.WriteNumber("calls", warmUp.Calls);
            writer.WriteBoolean("steady", warmUp.IsSteady);
            writer.WriteEndObject();
        }

        if (row.Summary is { } summary)
        {
            MeasuredJson.WriteSummary(writer, summary);
        }

        if (row.Ratio is { } ratio)
        {
            writer.WriteStartObject("ratio");
            MeasuredJson.Number(writer, "value", ratio.Ratio);
            MeasuredJson.Number(writer, "low", ratio.Low);
            MeasuredJson.Number(writer, "high", ratio.High);
            writer.WriteString("verdict", row.Verdict?.ToString().ToLowerInvariant());
            writer.WriteEndObject();
        }

        if (row.Difference is { } difference)
        {
            writer.WriteStartObject("difference");
            MeasuredJson.Number(writer, "max_absolute", difference.MaxAbsolute);
            MeasuredJson.Number(writer, "max_relative", difference.MaxRelative);
            writer.WriteString("output", difference.Output);
            writer.WriteString("mismatch", difference.Mismatch);
            writer.WriteEndObject();
        }

        if (row.Departure is { } departure)
        {
            writer.WriteStartObject("departure");
            writer.WriteString("op", departure.IsFound ? departure.Op : null);
            writer.WriteString("node", departure.IsFound ? departure.Node : null);
            writer.WriteNumber("output", departure.Output);
            writer.WriteString("detail", departure.Detail);
            writer.WriteString("found_by", departure.Means.ToString().ToLowerInvariant());
            writer.WriteNumber("tensors_compared", departure.Looked);
            writer.WriteEndObject();
        }

        if (row.Series is { } series)
        {
            MeasuredJson.WriteTimes(writer, series, report.TicksPerSecond);
        }

        writer.WriteEndObject();
    }
}
