using System.Diagnostics;

namespace TfRunner.Measurement;

/// <summary>The machine's monotonic clock.</summary>
internal sealed class StopwatchClock : IMeasurementClock
{
    // The system wakes a sleeper late by up to this much, so the rest of a wait is spun.
    private static readonly long SpinTicks = Stopwatch.Frequency / 500;

    private StopwatchClock()
    {
    }

    public static StopwatchClock Instance { get; } = new();

    public long TicksPerSecond => Stopwatch.Frequency;

    public long Now => Stopwatch.GetTimestamp();

    public void WaitUntil(long ticks, CancellationToken cancellationToken)
    {
        var spinner = default(SpinWait);
        while (!cancellationToken.IsCancellationRequested)
        {
            var left = ticks - Now;
            if (left <= 0)
            {
                return;
            }

            if (left > SpinTicks)
            {
                cancellationToken.WaitHandle.WaitOne((int)Math.Min((left - SpinTicks) * 1000 / TicksPerSecond, 1000));
            }
            else
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }
        }
    }
}
