using System.Diagnostics;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution.Profiling;

/// <summary>A host step that is timed.</summary>
/// <param name="inner">The step; disposed with this.</param>
/// <param name="name">The node's name.</param>
/// <param name="op">Its op.</param>
/// <param name="collector">Receives the times.</param>
internal sealed class TimedRunner(SlotRunner inner, string name, string op, ProfileCollector collector) : SlotRunner
{
    public override void Run(object?[] slots, CancellationToken cancellationToken)
    {
        // ONNX Runtime's clock counts from 1970 where it is the system's; the length is measured by the monotonic one.
        var start = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var began = Stopwatch.GetTimestamp();
        inner.Run(slots, cancellationToken);
        collector.Add(new OpTime(name, op, start, (long)Stopwatch.GetElapsedTime(began).TotalNanoseconds, Environment.CurrentManagedThreadId, "host"));
    }

    public override void Dispose() => inner.Dispose();
}
