namespace TfRunner.Diagnosis.Cold;

/// <summary>What a fresh process measured. Times are in nanoseconds.</summary>
/// <param name="Load">Loading the model and preparing the signature.</param>
/// <param name="First">The first call.</param>
/// <param name="Second">The second call, which tells how much of the first was once only.</param>
/// <param name="Failure">Why there are no times, in one line; null when there are.</param>
internal sealed record ColdCall(double Load, double First, double Second, string? Failure)
{
    public static ColdCall Failed(string reason) => new(double.NaN, double.NaN, double.NaN, reason);
}
