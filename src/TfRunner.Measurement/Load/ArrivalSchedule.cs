namespace TfRunner.Measurement;

/// <summary>When each request of an open loop is meant to start. The schedule does not wait for answers.</summary>
internal static class ArrivalSchedule
{
    /// <summary>The intended starts, in ticks from the beginning, ascending.</summary>
    /// <param name="pattern">How requests arrive.</param>
    /// <param name="perSecond">The mean rate; above 0.</param>
    /// <param name="ticksPerSecond">Ticks of a second.</param>
    /// <param name="seed">Decides the gaps of a Poisson schedule.</param>
    /// <returns>A sequence without end.</returns>
    public static IEnumerable<long> Starts(ArrivalPattern pattern, double perSecond, long ticksPerSecond, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        var random = new SeededRandom(seed);
        var gap = ticksPerSecond / perSecond;
        for (double at = 0, i = 0; ; i++)
        {
            // A constant schedule is multiplied out, so that rounding does not add up.
            at = pattern == ArrivalPattern.Constant ? i * gap : at + (gap * random.Exponential());
            yield return (long)at;
        }
    }
}
