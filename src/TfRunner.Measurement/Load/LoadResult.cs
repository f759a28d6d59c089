namespace TfRunner.Measurement;

/// <summary>What a load measured.</summary>
/// <param name="Requests">All requests that ended, in order of their intended starts.</param>
/// <param name="Began">The first tick.</param>
/// <param name="Ended">The last tick.</param>
/// <param name="Late">Requests started more than a millisecond after their time, because all callers were busy.</param>
/// <param name="Missed">Requests whose time came before the end and which no caller was free to start.</param>
/// <param name="IsStable">Whether throughput and percentiles had settled when it ended.</param>
/// <param name="WasCancelled">Whether the user ended it.</param>
internal sealed record LoadResult(
    IReadOnlyList<Request> Requests, long Began, long Ended, int Late, int Missed, bool IsStable, bool WasCancelled)
{
    /// <summary>Answers per second.</summary>
    public double Throughput(IMeasurementClock clock) => Ended <= Began ? 0 : Requests.Count / clock.ToInterval(Ended - Began).Seconds;
}
