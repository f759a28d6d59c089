using System.Text.Json;
using TfRunner.Cli.Measuring;
using TfRunner.Diagnosis.Profiles;
using TfRunner.Measurement;

namespace TfRunner.Cli.Profiling;

/// <summary>Profiles as JSON. Times are in nanoseconds per call.</summary>
internal static class ProfileJson
{
    public static void Write(Utf8JsonWriter writer, string model, IReadOnlyList<(CallProfile Profile, string Inputs)> profiles, string command, bool wasCancelled)
    {
        writer.WriteString("kind", "profile");
        writer.WriteString("command", command);
        writer.WriteString("model", model);
        writer.WriteBoolean("cancelled", wasCancelled);
        writer.WriteStartObject("environment");
        MeasuredJson.WriteMachine(writer, MachineFacts.Read());
        writer.WriteEndObject();
        writer.WriteStartArray("modes");
        foreach (var (profile, inputs) in profiles)
        {
            writer.WriteStartObject();
            writer.WriteString("mode", profile.Mode.ToString());
            writer.WriteString("reason", profile.Reason);
            writer.WriteString("inputs", inputs);
            MeasuredJson.Number(writer, "call_ns", profile.Plain);
            MeasuredJson.Number(writer, "span_ns", profile.Span);
            writer.WriteNumber("calls", profile.Calls);
            Write(writer, "types", profile.Types);
            Write(writer, "ops", profile.Ops);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<OpCost> costs)
    {
        writer.WriteStartArray(name);
        foreach (var cost in costs)
        {
            writer.WriteStartObject();
            writer.WriteString("name", cost.Name);
            writer.WriteString("op", cost.Op);
            writer.WriteNumber("runs", cost.Count);
            writer.WriteNumber("time_ns", cost.Time);
            writer.WriteNumber("share", cost.Share);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
