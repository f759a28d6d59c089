namespace TfRunner.Measurement.Tests;

/// <summary>A clock in nanoseconds that moves only when a test, or a wait, moves it.</summary>
internal sealed class SteppedClock : IMeasurementClock
{
    public long TicksPerSecond => 1_000_000_000;

    public long Now { get; private set; }

    public void Advance(double nanoseconds) => Now += (long)nanoseconds;

    public void WaitUntil(long ticks, CancellationToken cancellationToken) => Now = Math.Max(Now, ticks);
}
