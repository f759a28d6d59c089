namespace TfRunner.Diagnosis.Profiles;

/// <summary>What one op, or all ops of one type, cost in a call. Times are in nanoseconds.</summary>
/// <param name="Name">The op's name, or its type.</param>
/// <param name="Op">The type.</param>
/// <param name="Count">How often it ran in a call.</param>
/// <param name="Time">Its time in a call: the median over the profiled calls.</param>
/// <param name="Share">Its share of all ops' time.</param>
internal sealed record OpCost(string Name, string Op, double Count, double Time, double Share);
