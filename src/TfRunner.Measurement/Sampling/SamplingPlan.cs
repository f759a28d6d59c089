namespace TfRunner.Measurement;

/// <summary>How long and how finely contenders are measured.</summary>
internal sealed record SamplingPlan
{
    /// <summary>The half width of every ratio's interval at which sampling may end, as a share. Default 2 %.</summary>
    public double Precision { get; init; } = 0.02;

    /// <summary>When sampling ends at the latest, warm-up included. Default 30 s.</summary>
    public TimeInterval MaxTime { get; init; } = TimeInterval.FromSeconds(30);

    /// <summary>The share of the time that warming up may take at most. Default 0.2.</summary>
    public double WarmUpShare { get; init; } = 0.2;

    /// <summary>The least number of rounds, if time allows. Default 20.</summary>
    public int MinRounds { get; init; } = 20;

    /// <summary>How long a contender is called in a round before the next one's turn, one call at least. Default 2 ms.</summary>
    public TimeInterval Turn { get; init; } = TimeInterval.FromMilliseconds(2);

    /// <summary>The most calls of a turn. Default 20.</summary>
    public int MaxCallsPerTurn { get; init; } = 20;

    /// <summary>Orders the turns within rounds.</summary>
    public ulong Seed { get; init; } = 1;
}
