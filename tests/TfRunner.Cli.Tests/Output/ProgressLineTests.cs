using TfRunner.Cli.Output;

namespace TfRunner.Cli.Tests.Output;

public sealed class ProgressLineTests
{
    [Fact]
    public void With_a_known_end_it_shows_share_rows_speed_and_time_left() =>
        Assert.Equal(
            "[############............] 50 %  1,000 of 2,000 rows  100 rows/s  00:00:10 left",
            ProgressLine.Describe(1000, 2000, TimeSpan.FromSeconds(10)));

    [Fact]
    public void Without_a_known_end_it_shows_rows_and_speed() =>
        Assert.Equal("1,000 rows  100 rows/s", ProgressLine.Describe(1000, null, TimeSpan.FromSeconds(10)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 10)]
    [InlineData(20, 10)]
    public void The_edges_divide_by_nothing_and_pass_no_limit(long done, long total) =>
        Assert.DoesNotContain("NaN", ProgressLine.Describe(done, total, TimeSpan.Zero), StringComparison.Ordinal);
}
