namespace TfRunner.Measurement.Tests.Simulation;

/// <summary>How often verdicts are wrong, found by running the whole sampling plan on simulated machines.</summary>
public class VerdictRateTests
{
    private const int Runs = 1000;
    private const double Threshold = 0.05;
    private static readonly SamplingPlan Plan = new() { MaxTime = TimeInterval.FromSeconds(2.5) };

    [Theory]
    [InlineData("normal")]
    [InlineData("log-normal")]
    [InlineData("bimodal")]
    [InlineData("drifting")]
    public void Equal_contenders_are_told_apart_in_at_most_one_of_twenty_runs(string distribution)
    {
        var verdicts = Verdicts(distribution, 1);
        Assert.InRange(verdicts.Count(static v => v is Verdict.Faster or Verdict.Slower), 0, Runs / 20);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("log-normal")]
    [InlineData("bimodal")]
    [InlineData("drifting")]
    public void A_contender_slower_by_a_tenth_is_found_in_nineteen_of_twenty_runs(string distribution)
    {
        var verdicts = Verdicts(distribution, 1.1);
        Assert.InRange(verdicts.Count(static v => v == Verdict.Slower), Runs * 95 / 100, Runs);
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("log-normal")]
    [InlineData("bimodal")]
    [InlineData("drifting")]
    public void The_ratio_s_interval_covers_the_truth_in_nine_of_ten_runs(string distribution)
    {
        // 95 % is meant; ending as soon as the interval is narrow costs some.
        const int Fewer = Runs / 4;
        var covered = Enumerable.Range(0, Fewer).Count(i => Ratio(distribution, 1.03, (ulong)i) is var r && r.Low <= 1.03 && 1.03 <= r.High);
        Assert.InRange(covered, Fewer * 90 / 100, Fewer);
    }

    [Fact]
    public void Intervals_of_dependent_values_cover_the_truth()
    {
        var random = new SeededRandom(21);
        var covered = Enumerable.Range(0, Runs).Count(_ =>
        {
            var (values, state) = (new double[150], 0d);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = state = (0.6 * state) + random.Normal();
            }

            var (_, low, high) = BlockBootstrap.Midmean(values);
            return low <= 0 && 0 <= high;
        });
        Assert.InRange(covered, Runs * 90 / 100, Runs);
    }

    private static List<Verdict> Verdicts(string distribution, double factor) =>
        [.. Enumerable.Range(0, Runs).Select(i => Ratio(distribution, factor, (ulong)i).Judge(Threshold, Plan.Precision))];

    private static RatioInterval Ratio(string distribution, double factor, ulong seed)
    {
        var machine = new SimulatedMachine((seed * 7919) + 13, distribution);
        var sampler = new InterleavedSampler(machine.Clock, Plan with { Seed = seed });
        var result = sampler.Run([machine.Contender("a", 1), machine.Contender("b", factor)], 0, CancellationToken.None);
        return PairedComparison.Ratio(result.Series[1], result.Series[0]);
    }
}
