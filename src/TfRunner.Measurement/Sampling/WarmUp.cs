namespace TfRunner.Measurement;

/// <summary>
/// Calls a contender until its times no longer fall: until neither Mann and Kendall's test nor the halves' medians see a fall
/// in the later half of all warm-up calls.
/// </summary>
internal static class WarmUp
{
    private const int MinCalls = 6;
    private const int MaxCalls = 2_000;
    private const double MaxFall = 0.02;

    public static WarmUpResult Run(IMeasurementClock clock, Contender contender, TimeInterval cap, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        var end = clock.Now + clock.ToTicks(cap);
        var nextLook = MinCalls;
        var steady = false;
        if (contender.Known.CompareTo(cap) > 0)
        {
            // There is no time for a call that only warms, and one was made before.
            return new(default, contender.Known, 0, IsSteady: false);
        }

        while (!steady && times.Count < MaxCalls && !cancellationToken.IsCancellationRequested)
        {
            var start = clock.Now;
            contender.Call();
            var now = clock.Now;
            times.Add(clock.ToInterval(now - start).Nanoseconds);
            if (times.Count >= nextLook)
            {
                steady = IsSteady([.. times]);
                nextLook = nextLook * 3 / 2;
            }

            if (now >= end)
            {
                break;
            }
        }

        return new(times.Count == 0 ? default : new(times[0]), times.Count == 0 ? default : new(Percentiles.Median([.. times.Skip(times.Count / 2)])), times.Count, steady);
    }

    internal static bool IsSteady(double[] times)
    {
        var later = times.AsSpan(times.Length / 2);
        var (first, second) = (Percentiles.Median(later[..(later.Length / 2)]), Percentiles.Median(later[(later.Length / 2)..]));
        var trend = Trend.Of(later);
        return second >= first * (1 - MaxFall) || (later.Length >= 8 && (trend.RelativeChange >= 0 || trend.PValue > 0.2));
    }
}
