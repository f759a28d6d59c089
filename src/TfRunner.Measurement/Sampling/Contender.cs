namespace TfRunner.Measurement;

/// <summary>Something to be measured against others.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Call">One call; on the caller's thread. What it throws once cancelled ends the sampling.</param>
internal sealed record Contender(string Name, Action Call)
{
    /// <summary>What a call took that was made before, if there was one; 0 when nothing is known.</summary>
    public TimeInterval Known { get; init; }
}
