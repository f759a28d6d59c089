namespace TfRunner.Measurement;

/// <summary>Every measured call of one contender, in the order in which they ran. Grows; nothing is ever dropped.</summary>
/// <param name="name">Whose calls they are.</param>
internal sealed class SampleSeries(string name)
{
    private long[] starts = new long[1024];
    private long[] durations = new long[1024];
    private int[] rounds = new int[1024];

    public string Name { get; } = name;

    public int Count { get; private set; }

    /// <summary>When each call began, in the clock's ticks.</summary>
    public ReadOnlySpan<long> Starts => starts.AsSpan(0, Count);

    /// <summary>How long each call took, in the clock's ticks.</summary>
    public ReadOnlySpan<long> Durations => durations.AsSpan(0, Count);

    /// <summary>The round each call belongs to; does not fall.</summary>
    public ReadOnlySpan<int> Rounds => rounds.AsSpan(0, Count);

    public void Add(long start, long duration, int round)
    {
        if (Count == starts.Length)
        {
            Array.Resize(ref starts, Count * 2);
            Array.Resize(ref durations, Count * 2);
            Array.Resize(ref rounds, Count * 2);
        }

        (starts[Count], durations[Count], rounds[Count]) = (start, duration, round);
        Count++;
    }

    /// <summary>The durations in nanoseconds, in the order of the calls.</summary>
    /// <param name="clock">The clock that measured them.</param>
    /// <returns>One number per call.</returns>
    public double[] Nanoseconds(IMeasurementClock clock)
    {
        var scale = 1e9 / clock.TicksPerSecond;
        var times = new double[Count];
        for (var i = 0; i < times.Length; i++)
        {
            times[i] = durations[i] * scale;
        }

        return times;
    }
}
