using TfRunner.Engines;
using TfRunner.TensorFlow.Native.Protos;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>Reads the step statistics of a traced session call.</summary>
internal static class StepTimes
{
    /// <summary>One entry per op, from the first op's begin, in order of their starts.</summary>
    public static IReadOnlyList<OpTime> Read(RunMetadata metadata)
    {
        var times = new List<OpTime>();
        foreach (var device in metadata.StepStats?.DevStats ?? [])
        {
            foreach (var node in device.NodeStats)
            {
                // Nanoseconds are exact; microseconds stand in where an older library leaves them out.
                var all = node.AllStartNanos != 0 ? node.AllStartNanos : node.AllStartMicros * 1000;
                var start = node.OpStartRelNanos != 0 ? node.OpStartRelNanos : node.OpStartRelMicros * 1000;
                var end = node.OpEndRelNanos != 0 ? node.OpEndRelNanos : node.OpEndRelMicros * 1000;
                times.Add(new(node.NodeName, Op(node.TimelineLabel), all + start, Math.Max(end - start, 0), node.ThreadId, Device(device.Device)));
            }
        }

        var first = times.Count == 0 ? 0 : times.Min(static t => t.StartNanoseconds);
        return [.. times.Select(t => t with { StartNanoseconds = t.StartNanoseconds - first }).OrderBy(static t => t.StartNanoseconds)];
    }

    /// <summary>The op in a label such as <c>[CPU] name = MatMul(a, b)</c>.</summary>
    private static string Op(string label)
    {
        var equals = label.IndexOf(" = ", StringComparison.Ordinal);
        var open = equals < 0 ? -1 : label.IndexOf('(', equals);
        return open < 0 ? string.Empty : label[(equals + 3)..open];
    }

    /// <summary>The end of <c>/job:localhost/replica:0/task:0/device:CPU:0</c>.</summary>
    private static string Device(string name) => name[(name.LastIndexOf("device:", StringComparison.Ordinal) is var at and >= 0 ? at + 7 : 0)..];
}
