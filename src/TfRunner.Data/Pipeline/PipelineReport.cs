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

    /// <summary>The report of a pipeline whose source is itself a pipeline: its stages come first, and waiting for them is no work of the reading stage.</summary>
    /// <param name="reading">The name of the stage that takes from the source.</param>
    /// <param name="source">The source's report; null where it has none.</param>
    /// <returns>Both in one.</returns>
    public PipelineReport WithSource(string reading, PipelineReport? source) => source is null ? this : this with
    {
        Stages =
        [
            .. source.Stages,
            .. Stages.Select(s => s.Name != reading ? s : s with
            {
                Name = "gather",
                Busy = s.Busy > source.ConsumerWait ? s.Busy - source.ConsumerWait : TimeSpan.Zero,
                InputWait = s.InputWait + source.ConsumerWait,
            }),
        ],
    };

    /// <summary>One sentence naming the bottleneck: <c>decode is the bottleneck: 83 % of the time the model waited</c>.</summary>
    public string Bottleneck => Slowest is { } slowest
        ? FormattableString.Invariant($"{slowest.Name} is the bottleneck: {WaitingShare * 100:0} % of the time the {Consumer} waited")
        : FormattableString.Invariant($"the {Consumer} is the bottleneck: it waited {WaitingShare * 100:0} % of the time");
}
