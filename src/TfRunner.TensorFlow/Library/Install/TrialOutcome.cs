namespace TfRunner.TensorFlow.Library.Install;

/// <summary>How a library did on its trial.</summary>
/// <param name="Version">The version it gives itself; null when it failed.</param>
/// <param name="Problem">What went wrong, in one line; null when it passed.</param>
internal sealed record TrialOutcome(string? Version, string? Problem);
