using CsCheck;

namespace TfRunner.Measurement.Tests;

public class RatioTests
{
    [Theory]
    [InlineData(1.2, 1.1, 1.3, "Slower")]
    [InlineData(0.8, 0.7, 0.9, "Faster")]
    [InlineData(1.01, 0.99, 1.03, "Indistinguishable")]
    [InlineData(1.06, 1.02, 1.10, "Inconclusive")]
    [InlineData(1, 0.8, 1.25, "Inconclusive")]
    [InlineData(0.96, 0.9, 1.01, "Inconclusive")]
    public void A_verdict_holds_for_the_whole_interval(double ratio, double low, double high, string verdict) =>
        Assert.Equal(verdict, new RatioInterval(ratio, low, high, 50).Judge(0.05).ToString());

    [Fact]
    public void Nothing_measured_is_inconclusive() => Assert.Equal(Verdict.Inconclusive, RatioInterval.Unknown.Judge(0.05));

    [Fact]
    public void A_verdict_needs_more_than_what_one_process_can_tell() =>
        Assert.Equal(Verdict.Inconclusive, new RatioInterval(1.06, 1.0599, 1.0601, 5000).Judge(0.05, resolution: 0.02));

    [Fact]
    public void Faster_one_way_is_slower_the_other() =>
        Gen.Select(Gen.Double[0.2, 5], Gen.Double[1, 2], Gen.Double[1, 2]).Sample((ratio, down, up) =>
        {
            var there = new RatioInterval(ratio, ratio / down, ratio * up, 9).Judge(0.05);
            var back = new RatioInterval(1 / ratio, 1 / (ratio * up), down / ratio, 9).Judge(0.05);
            return there switch
            {
                Verdict.Faster => back == Verdict.Slower,
                Verdict.Slower => back == Verdict.Faster,
                _ => back == there,
            };
        });

    [Fact]
    public void The_same_samples_give_the_same_interval()
    {
        var (a, b) = (Series(1, 1.1), Series(2, 1));
        Assert.Equal(PairedComparison.Ratio(a, b), PairedComparison.Ratio(a, b));
    }

    [Fact]
    public void Separate_runs_find_a_shift_and_no_shift()
    {
        var random = new SeededRandom(4);
        double[] one = [.. Enumerable.Range(0, 600).Select(_ => 100 * Math.Exp(0.1 * random.Normal()))];
        double[] same = [.. Enumerable.Range(0, 600).Select(_ => 100 * Math.Exp(0.1 * random.Normal()))];
        double[] slower = [.. same.Select(static t => t * 1.15)];
        Assert.Equal(Verdict.Indistinguishable, SeparateComparison.Ratio(same, one).Judge(0.05));
        Assert.Equal(Verdict.Slower, SeparateComparison.Ratio(slower, one).Judge(0.05));
    }

    [Fact]
    public void Two_rounds_bound_nothing() =>
        Assert.Equal(double.PositiveInfinity, PairedComparison.Ratio(Series(1, 1, rounds: 2), Series(2, 1, rounds: 2)).Precision);

    private static SampleSeries Series(ulong seed, double factor, int rounds = 40)
    {
        var (series, random) = (new SampleSeries("s"), new SeededRandom(seed));
        for (var i = 0; i < rounds * 3; i++)
        {
            series.Add(i, (long)(1000 * factor * Math.Exp(0.1 * random.Normal())), i / 3);
        }

        return series;
    }
}
