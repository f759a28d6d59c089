namespace TfRunner.Measurement.Tests.Simulation;

/// <summary>Calls whose times are drawn instead of spent: a contender's call moves the clock.</summary>
internal sealed class SimulatedMachine(ulong seed, string distribution)
{
    private const double Typical = 700_000;
    private readonly SeededRandom random = new(seed);
    private readonly double direction = (seed & 1) == 0 ? 1 : -1;
    private double wander;

    public SteppedClock Clock { get; } = new();

    public Contender Contender(string name, double factor) => new(name, () => Clock.Advance(Typical * factor * Draw()));

    private double Draw()
    {
        return distribution switch
        {
            "normal" => Math.Max(0.1, 1 + (0.08 * random.Normal())),
            "log-normal" => Math.Exp(0.2 * random.Normal()),
            "bimodal" => (random.Uniform() < 0.35 ? 1.3 : 1) * (1 + (0.03 * random.Normal())),
            "drifting" => Drifting(),
            _ => throw new ArgumentOutOfRangeException(nameof(distribution)),
        };
    }

    /// <summary>A machine that grows slower or faster by half within a second, wanders, and is disturbed for milliseconds at a time.</summary>
    private double Drifting()
    {
        wander = (0.98 * wander) + (0.02 * random.Normal());
        var trend = 1 + (direction * 0.5 * Math.Min(1, Clock.Now / 1e9));
        var disturbed = random.Uniform() < 0.01 ? 3 : 1;
        return trend * Math.Exp(wander) * disturbed * Math.Max(0.1, 1 + (0.05 * random.Normal()));
    }
}
