namespace TfRunner.Measurement;

/// <summary>How a contender was warmed up.</summary>
/// <param name="First">How long its first call in this process took.</param>
/// <param name="Typical">The median of the later half of them.</param>
/// <param name="Calls">How many calls were made.</param>
/// <param name="IsSteady">Whether the times had stopped falling; false when the cap came first.</param>
internal sealed record WarmUpResult(TimeInterval First, TimeInterval Typical, int Calls, bool IsSteady);
