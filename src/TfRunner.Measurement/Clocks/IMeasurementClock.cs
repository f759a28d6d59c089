namespace TfRunner.Measurement;

/// <summary>A clock that never goes back, read before and after every call that is measured. Tests step their own.</summary>
internal interface IMeasurementClock
{
    /// <summary>How many ticks make a second.</summary>
    long TicksPerSecond { get; }

    /// <summary>The present, in ticks from an arbitrary beginning.</summary>
    long Now { get; }

    /// <summary>Returns once <see cref="Now"/> has reached <paramref name="ticks"/>; at once when it has passed.</summary>
    /// <param name="ticks">When to return.</param>
    /// <param name="cancellationToken">Returns early, without throwing, when cancelled.</param>
    void WaitUntil(long ticks, CancellationToken cancellationToken);
}
