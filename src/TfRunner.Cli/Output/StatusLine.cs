using System.Globalization;
using TfRunner.Measurement;

namespace TfRunner.Cli.Output;

/// <summary>
/// One line on a terminal that says what is being measured and how much time is left. It counts down while nothing is
/// reported, as during the loading of a large model. Silent where standard error is no terminal.
/// </summary>
internal sealed class StatusLine : IDisposable
{
    /// <summary>A longer line would be folded by a terminal of the usual width, and could not be overwritten.</summary>
    private const int MaxWidth = 79;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeInterval MinGap = TimeInterval.FromMilliseconds(100);
    private readonly Lock gate = new();
    private readonly IMeasurementClock clock;
    private readonly TextWriter? writer;
    private readonly ITimer? timer;
    private string what = string.Empty;
    private bool isEstimate;
    private long end;
    private long? drawn;
    private int width;

    /// <summary>Creates the line.</summary>
    /// <param name="clock">Tells the time left.</param>
    /// <param name="writer">Where to; null takes standard error where that is a terminal.</param>
    /// <param name="time">Ticks; null takes the system's.</param>
    public StatusLine(IMeasurementClock clock, TextWriter? writer = null, TimeProvider? time = null)
    {
        this.clock = clock;
        this.writer = writer ?? (Console.IsErrorRedirected ? null : Console.Error);
        timer = this.writer is null ? null : (time ?? TimeProvider.System).CreateTimer(_ => CountDown(), null, Tick, Tick);
    }

    /// <summary>Says that the time left is a bound.</summary>
    /// <param name="doing">What is being done.</param>
    /// <param name="left">The time left at most.</param>
    public void Show(string doing, TimeInterval left) => Show(doing, left, estimate: false);

    /// <summary>Says that the time left is a guess from what was done so far.</summary>
    /// <param name="doing">What is being done.</param>
    /// <param name="left">The time left, about.</param>
    public void ShowEstimate(string doing, TimeInterval left) => Show(doing, left, estimate: true);

    public void Dispose()
    {
        timer?.Dispose();
        lock (gate)
        {
            if (width > 0)
            {
                writer!.Write($"\r{new string(' ', width)}\r");
                width = 0;
            }

            what = string.Empty;
        }
    }

    /// <summary>The line's text.</summary>
    internal static string Describe(string what, TimeInterval left, bool isEstimate)
    {
        var seconds = Math.Max(0, Math.Ceiling(left.Seconds)).ToString(CultureInfo.InvariantCulture);
        var tail = isEstimate ? $", about {seconds} s left" : $", {seconds} s left at most";
        return (what.Length + tail.Length > MaxWidth ? what[..(MaxWidth - tail.Length - 3)] + "..." : what) + tail;
    }

    private void Show(string doing, TimeInterval left, bool estimate)
    {
        if (writer is null)
        {
            return;
        }

        lock (gate)
        {
            // What takes long is told when it begins; within a round of short calls ten times a second are enough.
            var due = drawn is not { } last || clock.ToInterval(clock.Now - last).CompareTo(MinGap) >= 0;
            (what, end, isEstimate) = (doing, clock.Now + clock.ToTicks(left), estimate);
            if (due)
            {
                Draw();
            }
        }
    }

    private void CountDown()
    {
        lock (gate)
        {
            if (what.Length > 0 && clock.ToInterval(clock.Now - (drawn ?? 0)).CompareTo(MinGap) >= 0)
            {
                Draw();
            }
        }
    }

    private void Draw()
    {
        drawn = clock.Now;
        var text = Describe(what, clock.ToInterval(end - clock.Now), isEstimate);
        writer!.Write($"\r{text.PadRight(width)}");
        width = text.Length;
    }
}
