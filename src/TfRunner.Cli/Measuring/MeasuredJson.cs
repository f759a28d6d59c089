using System.Text.Json;
using TfRunner.Measurement;

namespace TfRunner.Cli.Measuring;

/// <summary>The parts of a measurement's JSON that all measuring commands share.</summary>
internal static class MeasuredJson
{
    /// <summary>A number, or null where there is none or it is not finite: JSON knows no infinity.</summary>
    public static void Number(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } v && double.IsFinite(v))
        {
            writer.WriteNumber(name, v);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    public static void WriteEnvironment(Utf8JsonWriter writer, MachineFacts machine, ClockCost clock, IReadOnlyDictionary<string, string> engines)
    {
        writer.WriteStartObject("environment");
        WriteMachine(writer, machine);
        writer.WriteNumber("clock_resolution_ns", clock.Resolution.Nanoseconds);
        writer.WriteNumber("clock_reading_ns", clock.Reading.Nanoseconds);
        writer.WriteNumber("loop_ns", clock.Loop.Nanoseconds);
        writer.WriteStartObject("engines");
        foreach (var (engine, version) in engines)
        {
            writer.WriteString(engine, version);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>The machine's properties, within an object.</summary>
    public static void WriteMachine(Utf8JsonWriter writer, MachineFacts machine)
    {
        writer.WriteString("processor", machine.Processor);
        writer.WriteNumber("processors", machine.Processors);
        writer.WriteNumber("memory_bytes", machine.Memory.Bytes);
        writer.WriteString("system", machine.System);
        writer.WriteString("runtime", machine.Runtime);
        Number(writer, "cpu_quota", machine.Quota);
        writer.WriteNumber("load_average", machine.LoadAverage);
    }

    public static void WriteSummary(Utf8JsonWriter writer, SeriesSummary summary)
    {
        writer.WriteStartObject("summary");
        writer.WriteNumber("calls", summary.Count);
        writer.WriteNumber("mean_ns", summary.Mean);
        writer.WriteNumber("min_ns", summary.Least);
        writer.WriteNumber("max_ns", summary.Most);
        writer.WriteNumber("spread", summary.Spread);
        foreach (var (name, p) in new[] { ("p50", summary.P50), ("p90", summary.P90), ("p99", summary.P99), ("p999", summary.P999) })
        {
            writer.WriteStartObject(name);
            Number(writer, "ns", p.Value);
            Number(writer, "low_ns", p.Low);
            Number(writer, "high_ns", p.High);
            writer.WriteEndObject();
        }

        writer.WriteStartObject("outliers");
        writer.WriteNumber("tukey_low", summary.Outliers.TukeyLow);
        writer.WriteNumber("tukey_high", summary.Outliers.TukeyHigh);
        writer.WriteNumber("tukey_far", summary.Outliers.TukeyFar);
        writer.WriteNumber("mad", summary.Outliers.Mad);
        writer.WriteEndObject();
        writer.WriteStartObject("drift");
        Number(writer, "relative_change", summary.Drift.RelativeChange);
        Number(writer, "p_value", summary.Drift.PValue);
        writer.WriteEndObject();
        writer.WriteStartArray("peaks_ns");
        foreach (var peak in summary.Peaks)
        {
            writer.WriteNumberValue(peak);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteTimes(Utf8JsonWriter writer, SampleSeries series, long ticksPerSecond)
    {
        var scale = 1e9 / ticksPerSecond;
        writer.WriteString("unit", "ns");
        WriteNumbers(writer, "starts_ns", series.Starts, scale);
        WriteNumbers(writer, "times_ns", series.Durations, scale);
    }

    public static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> ticks, double scale)
    {
        writer.WriteStartArray(name);
        foreach (var t in ticks)
        {
            writer.WriteRawValue(((long)Math.Round(t * scale)).ToString(System.Globalization.CultureInfo.InvariantCulture), skipInputValidation: true);
        }

        writer.WriteEndArray();
    }
}
