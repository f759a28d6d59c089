namespace TfRunner.Measurement;

/// <summary>What measuring itself costs. Shown beside the results and subtracted nowhere.</summary>
/// <param name="Resolution">The least difference other than zero between two readings.</param>
/// <param name="Reading">Reading the clock once.</param>
/// <param name="Loop">One measured call of a delegate that does nothing: two readings, the call and the bookkeeping.</param>
internal sealed record ClockCost(TimeInterval Resolution, TimeInterval Reading, TimeInterval Loop)
{
    private const int Batches = 15;
    private const int Readings = 1_000;
    private const int Calls = 500;

    /// <summary>Measures the cost on this clock, in about a millisecond.</summary>
    /// <param name="clock">The clock.</param>
    /// <returns>The cost.</returns>
    public static ClockCost Measure(IMeasurementClock clock)
    {
        var least = long.MaxValue;
        var (readings, loops) = (new double[Batches], new double[Batches]);
        Action nothing = static () => { };
        for (var batch = 0; batch < Batches; batch++)
        {
            var first = clock.Now;
            var last = first;
            for (var i = 0; i < Readings; i++)
            {
                var now = clock.Now;
                least = now > last ? Math.Min(least, now - last) : least;
                last = now;
            }

            readings[batch] = clock.ToInterval(last - first).Nanoseconds / Readings;
            var samples = new SampleSeries("nothing");
            var began = clock.Now;
            for (var i = 0; i < Calls; i++)
            {
                TimedCall.Run(clock, nothing, samples, 0);
            }

            loops[batch] = clock.ToInterval(clock.Now - began).Nanoseconds / Calls;
        }

        // The median: a batch that the system interrupted tells nothing about the clock.
        var (reading, loop) = (Percentiles.Median(readings), Percentiles.Median(loops));
        return new(clock.ToInterval(least == long.MaxValue ? 0 : least), new(reading), new(loop));
    }
}
