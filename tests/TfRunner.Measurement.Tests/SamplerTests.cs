namespace TfRunner.Measurement.Tests;

public class SamplerTests
{
    private readonly SteppedClock clock = new();

    [Fact]
    public void Equal_calls_end_as_soon_as_the_rounds_suffice()
    {
        var result = Sampler().Run([Costs("a", 1e6), Costs("b", 2e6)], 0, CancellationToken.None);
        Assert.Equal((SamplingEnd.Precise, 39), (result.End, result.Rounds));
        Assert.Equal(2, PairedComparison.Ratio(result.Series[1], result.Series[0]).Ratio, 12);
    }

    [Fact]
    public void Noise_ends_when_time_is_up()
    {
        var random = new SeededRandom(1);
        var noisy = new Contender("noisy", () => clock.Advance(1e7 * Math.Exp(2 * random.Normal())));
        var result = Sampler().Run([Costs("a", 1e6), noisy], 0, CancellationToken.None);
        Assert.Equal(SamplingEnd.OutOfTime, result.End);
        Assert.InRange(result.Elapsed.Seconds, 25, 40);
    }

    [Fact]
    public void A_call_longer_than_the_time_is_measured_once()
    {
        var result = Sampler().Run([Costs("a", 40e9)], 0, CancellationToken.None);
        Assert.Equal(1, result.Series[0].Count);
    }

    [Fact]
    public void Cancelling_returns_what_was_measured()
    {
        using var cancel = new CancellationTokenSource();
        var random = new SeededRandom(1);
        var calls = 0;
        var contender = new Contender("a", () =>
        {
            clock.Advance(1e6 * Math.Exp(2 * random.Normal()));
            if (++calls == 500)
            {
                cancel.Cancel();
            }
        });
        var result = Sampler().Run([contender, Costs("b", 1e6)], 0, cancel.Token);
        Assert.Equal(SamplingEnd.Cancelled, result.End);
        Assert.NotEqual(0, result.Series[0].Count);
    }

    [Fact]
    public void Turns_are_of_like_length_and_shuffled()
    {
        var turns = new List<string>();
        Contender Noted(string name, double cost) => new(name, () =>
        {
            clock.Advance(cost);
            turns.Add(name);
        });
        var result = Sampler().Run([Noted("quick", 1e5), Noted("slow", 5e6)], 0, CancellationToken.None);
        Assert.Equal(result.Series[1].Count * 20, result.Series[0].Count);
        Assert.Contains("slow slow", string.Join(' ', turns.TakeLast(400)), StringComparison.Ordinal);
    }

    [Fact]
    public void Warming_up_goes_on_while_calls_become_faster()
    {
        var calls = 0;
        var contender = new Contender("jit", () => clock.Advance(1e6 * (1 + (20 * Math.Exp(-calls++ / 10.0)))));
        var warm = WarmUp.Run(clock, contender, TimeInterval.FromSeconds(10), CancellationToken.None);
        Assert.True(warm.IsSteady);
        Assert.InRange(warm.Calls, 40, 200);
        Assert.Equal(21, warm.First.Milliseconds, 6);
    }

    [Fact]
    public void Warming_up_gives_up_at_its_cap_and_says_so()
    {
        var cost = 1e9;
        var contender = new Contender("ever faster", () => clock.Advance(cost *= 0.97));
        var warm = WarmUp.Run(clock, contender, TimeInterval.FromSeconds(10), CancellationToken.None);
        Assert.False(warm.IsSteady);
    }

    [Fact]
    public void A_later_run_continues_an_earlier_one()
    {
        var first = new InterleavedSampler(clock, new() { MaxTime = TimeInterval.FromSeconds(5), Precision = 0 }).Run([Costs("a", 1e8), Costs("b", 1e8)], 0, CancellationToken.None);
        var (rounds, calls) = (first.Rounds, first.Series[0].Count);
        var both = new InterleavedSampler(clock, new() { MaxTime = TimeInterval.FromSeconds(5), Precision = 0 }).Run([Costs("a", 1e8), Costs("c", 2e8), Costs("b", 1e8)], 0, CancellationToken.None, first);
        Assert.Equal(["a", "c", "b"], both.Series.Select(static s => s.Name));
        Assert.True(both.Rounds > rounds);
        Assert.True(both.Series[0].Count > calls);
        Assert.Equal(rounds, both.Series[1].Rounds[0]);
        Assert.Equal(2, PairedComparison.Ratio(both.Series[1], both.Series[0]).Ratio, 6);
        Assert.Equal(both.Rounds - rounds, PairedComparison.Ratio(both.Series[1], both.Series[0]).Rounds);
    }

    [Fact]
    public void Progress_tells_the_time_left()
    {
        var seen = new List<SamplingProgress>();
        new InterleavedSampler(clock, new()) { Progress = seen.Add }.Run([Costs("a", 1e8), Costs("b", 1e8)], 0, CancellationToken.None);
        Assert.Equal("warming up a", seen[0].Stage);
        Assert.All(seen, static p => Assert.Equal(30, p.Elapsed.Seconds + p.Left.Seconds, 6));
    }

    [Fact]
    public void The_clock_s_cost_is_measured()
    {
        var cost = ClockCost.Measure(StopwatchClock.Instance);
        Assert.InRange(cost.Resolution.Nanoseconds, 0.1, 1e6);
        Assert.True(cost.Loop.Nanoseconds > 0 && cost.Reading.Nanoseconds > 0);
    }

    private Contender Costs(string name, double nanoseconds) => new(name, () => clock.Advance(nanoseconds));

    private InterleavedSampler Sampler() => new(clock, new());
}
