namespace TfRunner.Measurement.Tests;

public class SummaryTests
{
    [Fact]
    public void Outliers_are_counted_by_both_rules()
    {
        double[] times = [.. Enumerable.Range(0, 99).Select(static i => 100d + (i % 10)), 1000];
        var outliers = OutlierCount.OfSorted(Percentiles.Sorted(times));
        Assert.Equal(new OutlierCount(0, 1, 1, 1), outliers);
    }

    [Fact]
    public void An_outlier_stays_in_the_figures()
    {
        double[] times = [.. Enumerable.Repeat(1d, 99), 1000];
        var summary = SeriesSummary.Of(times);
        Assert.Equal((1000, 10.99, 100), (summary.Most, summary.Mean, summary.Count));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(-0.2)]
    public void A_drift_is_noticed_with_its_size(double change)
    {
        var random = new SeededRandom(3);
        var summary = SeriesSummary.Of([.. Enumerable.Range(0, 500).Select(i => 100 * (1 + (change * i / 499)) * (1 + (0.03 * random.Normal())))]);
        Assert.True(summary.Drifts);
        Assert.Equal(change / (1 + (change / 2)), summary.Drift.RelativeChange, 0.03);
    }

    [Fact]
    public void Steady_times_seldom_seem_to_drift()
    {
        var random = new SeededRandom(5);
        Assert.InRange(Enumerable.Range(0, 300).Count(_ => SeriesSummary.Of(Draw(random, 200, static r => Math.Exp(0.3 * r.Normal()))).Drifts), 0, 6);
    }

    [Fact]
    public void Two_groups_of_times_are_noticed_where_they_are()
    {
        var random = new SeededRandom(7);
        var summary = SeriesSummary.Of(Draw(random, 400, static r => (r.Uniform() < 0.3 ? 1.5 : 1) * (1 + (0.04 * r.Normal()))));
        Assert.Equal([1, 1.5], summary.Peaks.Select(static p => Math.Round(p, 1)));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(2000)]
    public void One_group_with_a_tail_seldom_seems_to_be_two(int count)
    {
        var random = new SeededRandom(9);
        Assert.InRange(Enumerable.Range(0, 200).Count(_ => SeriesSummary.Of(Draw(random, count, static r => Math.Exp(0.4 * r.Normal()))).IsMultimodal), 0, 6);
    }

    [Fact]
    public void Mann_and_kendall_s_test_gives_the_probability_of_the_book()
    {
        // Gilbert 1987, equation 16.8 by hand: n = 10, S = 45, variance 125, z = 44 / sqrt(125) = 3.9355.
        Assert.Equal(8.3e-5, Trend.Of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).PValue, 2e-6);
    }

    private static double[] Draw(SeededRandom random, int count, Func<SeededRandom, double> draw) =>
        [.. Enumerable.Range(0, count).Select(_ => draw(random))];
}
