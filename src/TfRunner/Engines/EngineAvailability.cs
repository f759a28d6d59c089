namespace TfRunner.Engines;

/// <summary>Whether an engine can work on this machine.</summary>
/// <param name="IsAvailable">Whether it can be started.</param>
/// <param name="Version">The version of what computes, such as <c>2.21.0</c>; null when not found.</param>
/// <param name="Location">Where it was found; null when it was not, or is built in.</param>
/// <param name="Reason">Why it cannot work, in one line; null when it can.</param>
/// <param name="Notes">What was tried and found on the way, one line each, in order.</param>
public sealed record EngineAvailability(bool IsAvailable, string? Version, string? Location, string? Reason, IReadOnlyList<string> Notes);
