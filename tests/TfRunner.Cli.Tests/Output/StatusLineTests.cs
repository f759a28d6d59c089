using TfRunner.Cli.Output;
using TfRunner.Measurement;

namespace TfRunner.Cli.Tests.Output;

public sealed class StatusLineTests
{
    private readonly FixedClock clock = new();
    private readonly StringWriter terminal = new();

    [Fact]
    public void It_says_what_is_done_and_the_time_left() =>
        Assert.Equal("loading onnx:graph, 12 s left at most", StatusLine.Describe("loading onnx:graph", TimeInterval.FromSeconds(11.2), isEstimate: false));

    [Fact]
    public void A_guess_is_called_one() =>
        Assert.Equal("setting 2 of 9, about 40 s left", StatusLine.Describe("setting 2 of 9", TimeInterval.FromSeconds(40), isEstimate: true));

    [Fact]
    public void It_never_says_less_than_nothing() =>
        Assert.Equal("loading, 0 s left at most", StatusLine.Describe("loading", TimeInterval.FromSeconds(-3), isEstimate: false));

    [Fact]
    public void It_fits_on_a_terminal_s_line()
    {
        var text = StatusLine.Describe(new string('x', 200), TimeInterval.FromSeconds(5), isEstimate: false);
        Assert.Equal(79, text.Length);
        Assert.EndsWith("..., 5 s left at most", text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_counts_down_while_nothing_is_reported()
    {
        var time = new Ticker();
        using var line = new StatusLine(clock, terminal, time);
        line.Show("loading", TimeInterval.FromSeconds(30));
        clock.Now += 5_000_000_000;
        time.Tick!(null);
        Assert.EndsWith("loading, 25 s left at most", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_that_follows_at_once_is_shown_at_the_next_tick()
    {
        var time = new Ticker();
        using var line = new StatusLine(clock, terminal, time);
        line.Show("choosing inputs", TimeInterval.FromSeconds(30));
        line.Show("loading", TimeInterval.FromSeconds(30));
        Assert.DoesNotContain("loading", terminal.ToString(), StringComparison.Ordinal);
        clock.Now += 500_000_000;
        time.Tick!(null);
        Assert.Contains("\rloading, 30 s left at most", terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_wiped_away_at_the_end()
    {
        using (var line = new StatusLine(clock, terminal, new Ticker()))
        {
            line.Show("loading", TimeInterval.FromSeconds(30));
        }

        Assert.EndsWith("\r" + new string(' ', "loading, 30 s left at most".Length) + "\r", terminal.ToString(), StringComparison.Ordinal);
    }

    private sealed class FixedClock : IMeasurementClock
    {
        public long TicksPerSecond => 1_000_000_000;

        public long Now { get; set; }

        public void WaitUntil(long ticks, CancellationToken cancellationToken) => Now = ticks;
    }

    /// <summary>A time whose timers the test ticks.</summary>
    private sealed class Ticker : TimeProvider
    {
        public TimerCallback? Tick { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Tick = callback;
            return new Nothing();
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
