namespace TfRunner.Measurement;

/// <summary>Something to be measured against others.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Call">One call; on the caller's thread.</param>
internal sealed record Contender(string Name, Action Call);
