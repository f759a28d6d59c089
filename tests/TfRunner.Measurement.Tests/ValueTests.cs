using System.Globalization;
using CsCheck;

namespace TfRunner.Measurement.Tests;

public class ValueTests
{
    [Theory]
    [InlineData("10ms", 10e6)]
    [InlineData("1.5 s", 1.5e9)]
    [InlineData("30s", 30e9)]
    [InlineData("250us", 250e3)]
    [InlineData("7ns", 7)]
    [InlineData("2min", 120e9)]
    [InlineData("2m", 120e9)]
    [InlineData("0.5h", 1800e9)]
    public void A_time_is_read_as_people_write_it(string text, double nanoseconds)
    {
        Assert.True(TimeInterval.TryParse(text, out var interval));
        Assert.Equal(nanoseconds, interval.Nanoseconds, 1e-6);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("10")]
    [InlineData("-1ms")]
    [InlineData("1,5s")]
    [InlineData("ms")]
    [InlineData("1e3ms")]
    public void What_is_no_time_is_refused(string? text) => Assert.False(TimeInterval.TryParse(text, out _));

    [Theory]
    [InlineData(0.5, "0.50 ns")]
    [InlineData(18_230, "18.2 us")]
    [InlineData(1_234_000, "1.23 ms")]
    [InlineData(999_600, "1.00 ms")]
    [InlineData(123_456_789, "123 ms")]
    [InlineData(2_500_000_000, "2.50 s")]
    [InlineData(double.NaN, "-")]
    public void A_time_is_shown_with_three_digits(double nanoseconds, string text) => Assert.Equal(text, new TimeInterval(nanoseconds).ToString());

    [Fact]
    public void A_shown_time_reads_back_to_half_a_percent() =>
        Gen.Double[1, 1e13].Sample(ns => TimeInterval.TryParse(new TimeInterval(ns).ToString(), out var back)
            && Math.Abs(back.Nanoseconds - ns) <= 0.0051 * ns);

    [Theory]
    [InlineData("5%", 0.05)]
    [InlineData("0.5 %", 0.005)]
    [InlineData("100%", 1)]
    public void A_percentage_is_read(string text, double fraction)
    {
        Assert.True(Percentage.TryParse(text, out var percentage));
        Assert.Equal(fraction, percentage.Fraction, 12);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-5%")]
    [InlineData("%")]
    [InlineData("5,5%")]
    public void What_is_no_percentage_is_refused(string text) => Assert.False(Percentage.TryParse(text, out _));

    [Theory]
    [InlineData("512B", 512)]
    [InlineData("10 MB", 10_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("4kB", 4000)]
    public void A_size_is_read(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData(12, "12 B")]
    [InlineData(1500, "1.50 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(3_000_000_000, "3.00 GB")]
    public void A_size_is_shown_with_three_digits(long bytes, string text) => Assert.Equal(text, new ByteSize(bytes).ToString());

    [Fact]
    public void Values_look_the_same_whatever_the_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            Thread.CurrentThread.CurrentCulture = german;
            Assert.Equal("1.23 ms|2.5%|12.3 MB", $"{new TimeInterval(1_234_000)}|{new Percentage(0.025)}|{new ByteSize(12_345_678)}");
            Assert.True(TimeInterval.TryParse("1.5s", out var parsed) && parsed.Seconds == 1.5);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }
}
