namespace TfRunner.Measurement.Tests;

public class ProcessorUseTests
{
    [Fact]
    public void What_this_process_used_is_not_others_()
    {
        var before = new ProcessorUse(1000, 5000, TimeSpan.FromSeconds(3));
        Assert.Equal(0.25, new ProcessorUse(1150, 5200, TimeSpan.FromSeconds(4)).OthersSince(before), 9);
        Assert.Equal(0, new ProcessorUse(1100, 5200, TimeSpan.FromSeconds(4)).OthersSince(before), 9);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(1.5, 0.25)]
    [InlineData(8, 0)]
    public void Others_on_processors_that_are_not_ours_to_use_do_no_harm(double surplus, double share) =>
        Assert.Equal(share, new ProcessorUse(1500, 6000, default, surplus).OthersSince(new(1000, 5000, default, surplus)), 9);

    [Fact]
    public void A_moment_tells_nothing() =>
        Assert.Equal(0, new ProcessorUse(1010, 5010, default).OthersSince(new(1000, 5000, default)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0.55, 3)]
    [InlineData(1, double.PositiveInfinity)]
    public void The_error_of_a_ratio_grows_with_what_others_use(double others, double error) =>
        Assert.Equal(error, ProcessorUse.RatioError(others), 9);

    [Fact]
    public void A_busy_machine_leaves_small_ratios_open_and_large_ones_not()
    {
        var error = ProcessorUse.RatioError(0.5);
        Assert.Equal(Verdict.Inconclusive, new RatioInterval(0.65, 0.6, 0.7, 100).Judge(0.05, error));
        Assert.Equal(Verdict.Inconclusive, new RatioInterval(1, 0.99, 1.01, 100).Judge(0.05, error));
        Assert.Equal(Verdict.Faster, new RatioInterval(0.1, 0.09, 0.11, 100).Judge(0.05, error));
    }

    [Fact]
    public void Readings_do_not_go_back()
    {
        var first = ProcessorUse.Read();
        var second = ProcessorUse.Read();
        Assert.True(second.Busy >= first.Busy && second.All >= first.All && second.Own >= first.Own);
    }
}
