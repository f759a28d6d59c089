namespace TfRunner.Measurement;

/// <summary>How a load is driven.</summary>
internal sealed record LoadPlan
{
    /// <summary>Callers at the same time, 1 or more. An open loop needs enough of them to keep up.</summary>
    public int Callers { get; init; } = 1;

    /// <summary>Requests per second of an open loop; null for a closed loop, where each caller starts its next request at once.</summary>
    public double? Rate { get; init; }

    /// <summary>How an open loop's requests arrive.</summary>
    public ArrivalPattern Pattern { get; init; }

    /// <summary>When the load ends at the latest.</summary>
    public TimeInterval MaxTime { get; init; } = TimeInterval.FromSeconds(10);

    /// <summary>The half width of the intervals of throughput and median at which it may end, as a share; tails are given five times that.</summary>
    public double Precision { get; init; } = 0.02;

    /// <summary>Decides the arrivals.</summary>
    public ulong Seed { get; init; } = 1;
}
