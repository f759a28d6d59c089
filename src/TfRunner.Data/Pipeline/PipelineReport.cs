namespace TfRunner.Data.Pipeline;

/// <summary>The state of a running or finished pipeline.</summary>
/// <param name="Elapsed">Time since the first element was asked for.</param>
/// <param name="Consumer">What takes the elements.</param>
/// <param name="ConsumerWait">How long the consumer waited for elements.</param>
/// <param name="Stages">The stages, from the source to the last.</param>
public sealed record PipelineReport(TimeSpan Elapsed, string Consumer, TimeSpan ConsumerWait, IReadOnlyList<StageReport> Stages)
{
    /// <summary>A consumer that waits less than this part of the time is itself what limits the rate.</summary>
    private const double BusyConsumer = 0.1;

    /// <summary>The part of the time that the consumer waited, 0 to 1.</summary>
    public double WaitingShare => Elapsed <= TimeSpan.Zero ? 0 : Math.Clamp(ConsumerWait / Elapsed, 0, 1);

    /// <summary>The stage that limits the rate; null when the consumer does. It is the one with the most own work per parallel call.</summary>
    public StageReport? Slowest => WaitingShare < BusyConsumer
        ? null
        : Stages.Where(static s => s.Busy > TimeSpan.Zero).MaxBy(static s => s.Busy / Math.Max(s.ParallelCalls, 1));

    /// <summary>One sentence naming the bottleneck: <c>decode is the bottleneck: 83 % of the time the model waited</c>.</summary>
    public string Bottleneck => Slowest is { } slowest
        ? FormattableString.Invariant($"{slowest.Name} is the bottleneck: {WaitingShare * 100:0} % of the time the {Consumer} waited")
        : FormattableString.Invariant($"the {Consumer} is the bottleneck: it waited {WaitingShare * 100:0} % of the time");
}
