using System.Text.Json;
using CsCheck;

namespace TfRunner.Measurement.Tests;

public class PercentileTests
{
    public static TheoryData<string, double, double> Recorded()
    {
        var rows = new TheoryData<string, double, double>();
        foreach (var entry in Recording())
        {
            foreach (var (fraction, answer) in Numbers(entry, "fractions").Zip(Numbers(entry, "answers")))
            {
                rows.Add(entry.GetProperty("name").GetString()!, fraction, answer);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_percentile_is_what_numpy_recorded(string sample, double fraction, double answer)
    {
        var entry = Recording().First(e => e.GetProperty("name").GetString() == sample);
        var sorted = Percentiles.Sorted(Numbers(entry, "values"));
        Assert.Equal(answer, Percentiles.OfSorted(sorted, fraction), Math.Abs(answer) * 1e-15);
    }

    [Fact]
    public void Percentiles_rise_with_their_fraction() =>
        Gen.Select(Gen.Double[0, 1e6].Array[1, 50], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((values, a, b) =>
        {
            var sorted = Percentiles.Sorted(values);
            return Percentiles.OfSorted(sorted, Math.Min(a, b)) <= Percentiles.OfSorted(sorted, Math.Max(a, b));
        });

    [Fact]
    public void The_percentile_of_nothing_is_not_a_number() => Assert.Equal(double.NaN, Percentiles.OfSorted([], 0.5));

    // Ranks from the tables of order-statistic intervals for the median (e.g. Conover 1999, table A3: n = 20 gives 6 and 15).
    [Theory]
    [InlineData(20, 0.5, 6, 15)]
    [InlineData(10, 0.5, 2, 9)]
    [InlineData(6, 0.5, 1, 6)]
    [InlineData(5, 0.5, 0, 6)]
    [InlineData(100, 0.5, 40, 61)]
    public void The_median_lies_between_the_ranks_of_the_tables(int count, double fraction, int low, int high) =>
        Assert.Equal((low, high), PercentileInterval.Ranks(count, fraction, 0.95));

    [Fact]
    public void Too_few_calls_do_not_bound_the_tail()
    {
        double[] sorted = [.. Enumerable.Range(1, 50).Select(static i => (double)i)];
        var p99 = PercentileInterval.OfSorted(sorted, 0.99);
        Assert.Equal(double.PositiveInfinity, p99.High);
        Assert.False(p99.IsBounded);
    }

    [Theory]
    [InlineData(0.5, 40)]
    [InlineData(0.9, 200)]
    [InlineData(0.99, 1000)]
    public void The_interval_covers_the_true_percentile_as_often_as_it_says(double fraction, int count)
    {
        var random = new SeededRandom(11);
        var covered = Enumerable.Range(0, 1000).Count(_ =>
        {
            double[] sorted = [.. Enumerable.Range(0, count).Select(_ => random.Uniform()).Order()];
            var interval = PercentileInterval.OfSorted(sorted, fraction);
            return interval.Low <= fraction && fraction <= interval.High;
        });
        Assert.InRange(covered, 935, 1000);
    }

    private static JsonElement[] Recording() =>
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", "percentiles.json"))).RootElement.EnumerateArray()];

    private static double[] Numbers(JsonElement entry, string key) => [.. entry.GetProperty(key).EnumerateArray().Select(static v => v.GetDouble())];
}
