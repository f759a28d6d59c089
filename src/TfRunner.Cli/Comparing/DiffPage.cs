using System.Text;
using System.Text.Json;
using TfRunner.Diagnosis.Diff;

namespace TfRunner.Cli.Comparing;

/// <summary>The report of <c>diff</c> as one self-contained page: the template with the report's JSON in it.</summary>
internal static class DiffPage
{
    private const int MaxPoints = 4000;

    public static string Text(DiffReport report, string command)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, report, command);
        }

        // Within a script element only "</" could end it early; the default encoder writes < as \u003C.
        return Resource("page.html")
            .Replace("/*style*/", Resource("page.css"), StringComparison.Ordinal)
            .Replace("/*data*/", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal)
            .Replace("/*script*/", Resource("page.js"), StringComparison.Ordinal);
    }

    private static string Resource(string name)
    {
        using var stream = typeof(DiffPage).Assembly.GetManifestResourceStream("Page/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Write(Utf8JsonWriter writer, DiffReport report, string command)
    {
        writer.WriteStartObject();
        writer.WriteString("model", Path.GetFileName(Path.TrimEndingDirectorySeparator(report.Model)) is "saved_model" ? Path.GetFileName(Path.GetDirectoryName(report.Model)) : Path.GetFileName(report.Model));
        writer.WriteString("path", report.Model);
        writer.WriteString("signature", report.Signature);
        writer.WriteString("baseline", report.Baseline?.ToString());
        writer.WriteString("command", command);
        writer.WriteBoolean("cancelled", report.WasCancelled);
        Texts(writer, "notes", DiffNotes.Of(report));
        Texts(writer, "environment",
        [
            $"{report.Machine.Processor}, {report.Machine.Processors} processors, {report.Machine.Memory} of memory",
            report.Machine.Quota is { } quota ? FormattableString.Invariant($"limited to {quota:0.##} processors by its control group") : "no processor quota",
            FormattableString.Invariant($"load average {report.Machine.LoadAverage:0.0}"),
            report.Machine.System,
            report.Machine.Runtime,
            .. report.EngineVersions.Select(static v => $"{v.Key} {v.Value}"),
            $"clock: steps of {report.Clock.Resolution}, {report.Clock.Reading} to read; {report.Clock.Loop} to measure a call (not subtracted)",
        ]);
        Texts(writer, "headers", DiffCells.Headers.Select(static h => h.TrimStart('>')));
        Texts(writer, "figureHeaders", DiffFigures.Headers);
        writer.WriteStartArray("batches");
        foreach (var batch in report.Batches)
        {
            writer.WriteStartObject();
            writer.WriteNumber("batch", batch.Batch);
            writer.WriteString("inputs", batch.Inputs);
            writer.WriteString("sampled", DiffText.Sampled(batch, report));
            writer.WriteStartArray("rows");
            foreach (var row in batch.Rows)
            {
                Write(writer, report, row);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, DiffReport report, DiffRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("mode", row.Mode.ToString());
        Texts(writer, "cells", DiffCells.Of(row, row.Mode == report.Baseline, isShort: false));
        writer.WriteString("reason", row.Reason);
        if (row.Summary is { } figures)
        {
            Texts(writer, "figures", DiffFigures.Of(row, figures));
        }

        if (row.Series is { Count: > 0 } series)
        {
            // Long runs are thinned for the picture of latency against time; the slowest call of each stretch stays in it.
            var stride = Math.Max(1, (series.Count + MaxPoints - 1) / MaxPoints);
            var (scale, points) = (1e9 / report.TicksPerSecond, new List<int>());
            for (var i = 0; i < series.Count; i += stride)
            {
                var slowest = i;
                for (var j = i; j < Math.Min(i + stride, series.Count); j++)
                {
                    slowest = series.Durations[j] > series.Durations[slowest] ? j : slowest;
                }

                points.Add(slowest);
            }

            writer.WriteStartArray("points");
            foreach (var i in points)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(Math.Round(series.Starts[i] * scale / 1e3));
                writer.WriteNumberValue(Math.Round(series.Durations[i] * scale));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            var sorted = series.Durations.ToArray();
            Array.Sort(sorted);
            writer.WriteNumber("count", sorted.Length);
            writer.WriteStartArray("sorted");
            foreach (var i in Ranks(sorted.Length))
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(i);
                writer.WriteNumberValue(Math.Round(sorted[i] * scale));
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Ranks that draw the whole distribution: a thousand evenly, and all of the last two hundred.</summary>
    private static SortedSet<int> Ranks(int count)
    {
        var ranks = new SortedSet<int>();
        for (var i = 0; i < 1000; i++)
        {
            ranks.Add((int)((long)(count - 1) * i / 999));
        }

        for (var i = Math.Max(0, count - 200); i < count; i++)
        {
            ranks.Add(i);
        }

        return ranks;
    }

    private static void Texts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
