namespace TfRunner.Measurement;

/// <summary>
/// Compares two contenders that were measured in the same rounds. Each round gives one ratio of medians, so what changes over
/// the run for both alike cancels; the rounds' ratios give the estimate, and resampling whole rounds its interval.
/// </summary>
internal static class PairedComparison
{
    public static RatioInterval Ratio(SampleSeries contender, SampleSeries baseline, int resamples = BlockBootstrap.Resamples)
    {
        var (a, b) = (RoundMedians(contender), RoundMedians(baseline));
        var logs = new List<double>(Math.Min(a.Count, b.Count));
        foreach (var (round, median) in a)
        {
            if (b.TryGetValue(round, out var other))
            {
                logs.Add(median - other);
            }
        }

        return FromLogs([.. logs], resamples);
    }

    /// <summary>One contender's own level, as a ratio to one tick: how precisely it is known.</summary>
    public static RatioInterval Level(SampleSeries series, int resamples = BlockBootstrap.Resamples) =>
        FromLogs([.. RoundMedians(series).Values], resamples);

    private static RatioInterval FromLogs(double[] logs, int resamples)
    {
        if (logs.Length == 0)
        {
            return RatioInterval.Unknown;
        }

        var (estimate, low, high) = BlockBootstrap.Midmean(logs, resamples);
        return new(Math.Exp(estimate), Math.Exp(low), Math.Exp(high), logs.Length);
    }

    /// <summary>Medians of logarithms: that of two calls is then in the middle of both however skewed times are, so that the number of calls in a turn makes no difference.</summary>
    private static SortedDictionary<int, double> RoundMedians(SampleSeries series)
    {
        var medians = new SortedDictionary<int, double>();
        var rounds = series.Rounds;
        var durations = series.Durations;
        var times = new List<double>();
        for (var i = 0; i < rounds.Length; i++)
        {
            // A clock too coarse for the call must not make a ratio of nothing.
            times.Add(Math.Log(Math.Max(durations[i], 0.5)));
            if (i + 1 == rounds.Length || rounds[i + 1] != rounds[i])
            {
                medians[rounds[i]] = Percentiles.Median(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(times));
                times.Clear();
            }
        }

        return medians;
    }
}
