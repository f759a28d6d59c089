using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Bench;

/// <summary>What <c>bench</c> is asked.</summary>
internal sealed record BenchOptions
{
    /// <summary>How the model is called.</summary>
    public required ModeName Mode { get; init; }

    /// <summary>Rows per call; null takes the user's inputs whole, or one row.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Callers at once; one row of the result for each. 1 to 1024 each.</summary>
    public IReadOnlyList<int> Concurrency { get; init; } = [1];

    /// <summary>Calls per second of an open loop; null for a closed loop.</summary>
    public double? Rate { get; init; }

    /// <summary>How an open loop's calls arrive.</summary>
    public ArrivalPattern Pattern { get; init; }

    /// <summary>The half width of the intervals of throughput and median at which a load may end; tails are given five times that.</summary>
    public Percentage Precision { get; init; } = new(0.02);

    /// <summary>The time of each load at most. Default 10 s.</summary>
    public TimeInterval MaxTime { get; init; } = TimeInterval.FromSeconds(10);

    /// <summary>Decides random inputs and arrivals.</summary>
    public ulong Seed { get; init; } = 1;
}
