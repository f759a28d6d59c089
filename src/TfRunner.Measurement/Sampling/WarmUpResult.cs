namespace TfRunner.Measurement;

/// <summary>How a contender was warmed up.</summary>
/// <param name="First">How long its first call in this process took.</param>
/// <param name="Last">How long its last one took.</param>
/// <param name="Calls">How many calls were made.</param>
/// <param name="IsSteady">Whether the times had stopped falling; false when the cap came first.</param>
internal sealed record WarmUpResult(TimeInterval First, TimeInterval Last, int Calls, bool IsSteady);
