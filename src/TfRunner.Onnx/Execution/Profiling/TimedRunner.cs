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
        var (start, began) = ProfileCollector.Begin();
        inner.Run(slots, cancellationToken);
        collector.AddHost(name, op, start, began);
    }

    public override void Dispose() => inner.Dispose();
}
