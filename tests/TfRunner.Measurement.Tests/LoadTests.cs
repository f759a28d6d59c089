namespace TfRunner.Measurement.Tests;

public class LoadTests
{
    private readonly SteppedClock clock = new();

    [Fact]
    public void A_constant_schedule_does_not_drift()
    {
        var starts = ArrivalSchedule.Starts(ArrivalPattern.Constant, 3, 1_000_000_000, 1).Take(3001).ToArray();
        Assert.Equal(1_000_000_000_000, starts[3000]);
    }

    [Fact]
    public void A_poisson_schedule_has_the_rate_and_spread_of_its_name()
    {
        var starts = ArrivalSchedule.Starts(ArrivalPattern.Poisson, 100, 1_000_000_000, 1).Take(20_000).ToArray();
        double[] gaps = [.. starts.Zip(starts.Skip(1), static (a, b) => (b - a) / 1e9)];
        var mean = gaps.Average();
        Assert.Equal(0.01, mean, 0.0003);
        Assert.Equal(mean, Math.Sqrt(gaps.Average(g => (g - mean) * (g - mean))), 0.0003);
    }

    [Fact]
    public void Requests_are_timed_from_their_intended_start()
    {
        // One call of 3.5 s in the middle of calls of 100 ms at one per second: those behind it wait too.
        var calls = 0;
        var result = Run(new() { Rate = 1, Pattern = ArrivalPattern.Constant, Precision = 0 }, () => clock.Advance(++calls == 3 ? 3.5e9 : 1e8));
        double[] latencies = [.. result.Requests.Take(8).Select(static r => Math.Round(r.Latency / 1e9, 3))];
        Assert.Equal([0.1, 0.1, 3.5, 2.6, 1.7, 0.8, 0.1, 0.1], latencies);
        Assert.Equal(3, result.Late);
        Assert.Equal(0, result.Missed);
    }

    [Fact]
    public void A_rate_that_cannot_be_kept_is_told()
    {
        var result = Run(new() { Rate = 10, Pattern = ArrivalPattern.Constant, Precision = 0 }, () => clock.Advance(2e8));
        Assert.Equal(50, result.Requests.Count);
        Assert.Equal(50, result.Missed);
        Assert.Equal(5, result.Throughput(clock), 2);
    }

    [Fact]
    public void A_closed_loop_starts_at_once_and_ends_when_stable()
    {
        var random = new SeededRandom(2);
        var result = Run(new(), () => clock.Advance(1e6 * (1 + (0.05 * random.Normal()))));
        Assert.True(result.IsStable);
        Assert.InRange(result.Throughput(clock), 990, 1010);
        Assert.All(result.Requests, static r => Assert.Equal(r.Intended, r.Start));
    }

    [Fact]
    public void A_load_that_slows_down_is_never_stable()
    {
        var cost = 1e6;
        Assert.False(Run(new(), () => clock.Advance(cost *= 1.0003)).IsStable);
    }

    [Fact]
    public void A_load_whose_tail_is_not_known_yet_is_not_stable()
    {
        // One call of a hundred takes between three and three hundred times as long: too few to tell the 99th percentile.
        var (random, calls) = (new SeededRandom(4), 0);
        Assert.False(Run(new() { MaxTime = TimeInterval.FromSeconds(3) }, () => clock.Advance(++calls % 100 == 0 ? 1e6 * (3 + (300 * random.Uniform())) : 1e6)).IsStable);
    }

    [Fact]
    public void A_failing_call_ends_the_load() =>
        Assert.Throws<InvalidOperationException>(() => Run(new(), static () => throw new InvalidOperationException("no")));

    [Fact]
    public void Several_callers_call_at_once()
    {
        using var together = new Barrier(3);
        using var done = new CancellationTokenSource();
        void Call()
        {
            together.SignalAndWait(TimeSpan.FromSeconds(20));
            done.Cancel();
        }

        var result = new LoadGenerator(StopwatchClock.Instance, new() { Callers = 3 }).Run([Call, Call, Call], done.Token);
        Assert.InRange(result.Requests.Count, 3, 6);
        Assert.True(result.WasCancelled);
    }

    private LoadResult Run(LoadPlan plan, Action call) => new LoadGenerator(clock, plan).Run([call], CancellationToken.None);
}
