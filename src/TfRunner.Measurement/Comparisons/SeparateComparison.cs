namespace TfRunner.Measurement;

/// <summary>
/// Compares two runs that were not interleaved, such as yesterday's file with today's. Each run is cut into stretches of
/// neighbouring calls; the medians of the stretches give each run's level and how uncertain it is.
/// </summary>
internal static class SeparateComparison
{
    private const int MaxStretches = 60;

    /// <summary>The ratio of levels.</summary>
    /// <param name="contender">Times above zero, in the order of time.</param>
    /// <param name="baseline">Times above zero, in the order of time.</param>
    /// <returns>The ratio and its interval.</returns>
    public static RatioInterval Ratio(ReadOnlySpan<double> contender, ReadOnlySpan<double> baseline)
    {
        var (a, b) = (Logs(contender), Logs(baseline));
        if (a.Length == 0 || b.Length == 0)
        {
            return RatioInterval.Unknown;
        }

        var (level, low, high) = BlockBootstrap.Midmean(a);
        var (baseLevel, baseLow, baseHigh) = BlockBootstrap.Midmean(b);

        // Independent errors add in squares.
        var down = Math.Sqrt(Square(level - low) + Square(baseHigh - baseLevel));
        var up = Math.Sqrt(Square(high - level) + Square(baseLevel - baseLow));
        return new(Math.Exp(level - baseLevel), Math.Exp(level - baseLevel - down), Math.Exp(level - baseLevel + up), Math.Min(a.Length, b.Length));
    }

    private static double Square(double x) => x * x;

    private static double[] Logs(ReadOnlySpan<double> times)
    {
        var stretches = Math.Min(MaxStretches, times.Length);
        var logs = new double[stretches];
        for (var i = 0; i < stretches; i++)
        {
            var from = (int)((long)times.Length * i / stretches);
            var to = (int)((long)times.Length * (i + 1) / stretches);
            logs[i] = Math.Log(Math.Max(Percentiles.Median(times[from..to]), 1e-3));
        }

        return logs;
    }
}
