namespace TfRunner.Measurement;

/// <summary>Turns a clock's ticks into time and back.</summary>
internal static class ClockTicks
{
    public static TimeInterval ToInterval(this IMeasurementClock clock, long ticks) => new(ticks * (1e9 / clock.TicksPerSecond));

    public static long ToTicks(this IMeasurementClock clock, TimeInterval interval) => (long)(interval.Nanoseconds * (clock.TicksPerSecond / 1e9));
}
