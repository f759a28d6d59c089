using System.Text.Json;
using TfRunner.Diagnosis.Profiles;

namespace TfRunner.Cli.Profiling;

/// <summary>
/// Profiled calls as a trace that Chrome's and Perfetto's viewers open: one process per mode, one row per thread. Source: the
/// "Trace Event Format" document, complete (X) and metadata (M) events; times are in microseconds.
/// </summary>
internal static class TraceFile
{
    public static void Write(Stream stream, IReadOnlyList<CallProfile> profiles)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString("displayTimeUnit", "ns");
        writer.WriteStartArray("traceEvents");
        for (var process = 0; process < profiles.Count; process++)
        {
            writer.WriteStartObject();
            writer.WriteString("ph", "M");
            writer.WriteString("name", "process_name");
            writer.WriteNumber("pid", process + 1);
            writer.WriteStartObject("args");
            writer.WriteString("name", profiles[process].Mode.ToString());
            writer.WriteEndObject();
            writer.WriteEndObject();
            foreach (var op in profiles[process].Last)
            {
                writer.WriteStartObject();
                writer.WriteString("ph", "X");
                writer.WriteString("name", op.Op.Length > 0 ? op.Op : op.Name);
                writer.WriteString("cat", op.Device);
                writer.WriteNumber("pid", process + 1);
                writer.WriteNumber("tid", op.Thread);
                writer.WriteNumber("ts", op.StartNanoseconds / 1e3);
                writer.WriteNumber("dur", op.DurationNanoseconds / 1e3);
                writer.WriteStartObject("args");
                writer.WriteString("node", op.Name);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
