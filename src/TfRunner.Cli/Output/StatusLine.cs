using System.Globalization;
using TfRunner.Measurement;

namespace TfRunner.Cli.Output;

/// <summary>One line on a terminal that says what is being measured and how long it takes at most. Silent elsewhere.</summary>
internal sealed class StatusLine : IDisposable
{
    private const double MinGapNanoseconds = 100e6;
    private readonly bool enabled = !Console.IsErrorRedirected;
    private readonly IMeasurementClock clock;
    private long drawn = long.MinValue / 2;
    private int width;

    public StatusLine(IMeasurementClock clock) => this.clock = clock;

    public void Show(string what, TimeInterval left)
    {
        if (!enabled || clock.ToInterval(clock.Now - drawn).Nanoseconds < MinGapNanoseconds)
        {
            return;
        }

        drawn = clock.Now;
        var text = string.Create(CultureInfo.InvariantCulture, $"{what}, {Math.Max(0, left.Seconds):0} s left at most");
        Console.Error.Write($"\r{text.PadRight(width)}");
        width = text.Length;
    }

    public void Dispose()
    {
        if (width > 0)
        {
            Console.Error.Write($"\r{new string(' ', width)}\r");
            width = 0;
        }
    }
}
