using System.Text.Json;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution.Profiling;

/// <summary>Reads the profile that ONNX Runtime writes: trace events, with times in microseconds from the session's start.</summary>
internal static class SessionProfile
{
    private const string KernelSuffix = "_kernel_time";

    /// <summary>The nodes of the later half of a session's runs: the earlier half belongs to the call that warmed it up.</summary>
    /// <param name="json">The file.</param>
    /// <param name="start">The session's start in nanoseconds.</param>
    /// <returns>One entry per node run.</returns>
    public static IReadOnlyList<OpTime> Read(byte[] json, long start)
    {
        using var document = JsonDocument.Parse(json);
        var events = document.RootElement.EnumerateArray().Where(static e => e.TryGetProperty("cat", out _)).ToList();
        var runs = events.Where(static e => Text(e, "name") == "model_run").Select(static e => Number(e, "ts")).Order().ToList();
        var from = runs.Count > 1 ? runs[runs.Count / 2] : 0;
        return
        [
            .. events
                .Where(e => Text(e, "cat") == "Node" && Text(e, "name").EndsWith(KernelSuffix, StringComparison.Ordinal) && Number(e, "ts") >= from)
                .Select(e => new OpTime(
                    Text(e, "name")[..^KernelSuffix.Length],
                    e.TryGetProperty("args", out var arguments) ? Text(arguments, "op_name") : string.Empty,
                    start + (Number(e, "ts") * 1000),
                    Number(e, "dur") * 1000,
                    Number(e, "tid"),
                    e.TryGetProperty("args", out arguments) ? Text(arguments, "provider") : string.Empty)),
        ];
    }

    private static string Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    private static long Number(JsonElement e, string name) =>
        e.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? (long)value.GetDouble() : 0;
}
