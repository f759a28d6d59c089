using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>The time until which something must be done.</summary>
/// <param name="clock">The clock.</param>
/// <param name="end">The last tick.</param>
internal sealed class TimeBudget(IMeasurementClock clock, long end)
{
    /// <summary>What is left; 0 when time is up.</summary>
    public TimeInterval Left => new(Math.Max(0, clock.ToInterval(end - clock.Now).Nanoseconds));

    public bool IsUp => clock.Now >= end;

    /// <summary>A budget that ends after a share of what is left.</summary>
    /// <param name="fraction">0 to 1.</param>
    /// <returns>The budget.</returns>
    public TimeBudget Share(double fraction) => new(clock, clock.Now + (long)(Math.Max(0, end - clock.Now) * fraction));

    /// <summary>A budget that ends earlier.</summary>
    /// <param name="reserve">By how much.</param>
    /// <returns>The budget.</returns>
    public TimeBudget Without(TimeInterval reserve) => new(clock, end - clock.ToTicks(reserve));

    /// <summary>What is left before a reserve is touched.</summary>
    public TimeInterval LeftBefore(TimeInterval reserve) => new(Math.Max(0, Left.Nanoseconds - reserve.Nanoseconds));
}
