using TfRunner.Diagnosis.Modes;
using TfRunner.Engines;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Profiles;

/// <summary>Where the time of one mode's calls goes. Times are in nanoseconds.</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Reason">Why it was not profiled, in one line; null when it was.</param>
/// <param name="Ops">One entry per op, the costliest first.</param>
/// <param name="Types">One entry per op type, the costliest first.</param>
/// <param name="Plain">The median of calls that are not profiled.</param>
/// <param name="Span">From the first op's begin to the last one's end: the median over the profiled calls.</param>
/// <param name="Calls">How many calls were profiled.</param>
/// <param name="Last">The ops of the last profiled call, for a trace.</param>
internal sealed record CallProfile(
    ModeName Mode,
    string? Reason,
    IReadOnlyList<OpCost> Ops,
    IReadOnlyList<OpCost> Types,
    double Plain,
    double Span,
    int Calls,
    IReadOnlyList<OpTime> Last)
{
    public static CallProfile Failed(ModeName mode, string reason) => new(mode, reason, [], [], double.NaN, double.NaN, 0, []);

    /// <summary>Sums up profiled calls.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="calls">The ops of each call; at least one call.</param>
    /// <param name="plain">The median of calls that are not profiled.</param>
    /// <returns>The profile.</returns>
    public static CallProfile Of(ModeName mode, IReadOnlyList<IReadOnlyList<OpTime>> calls, double plain)
    {
        var ops = Costs(calls, static o => (o.Name, o.Op));
        var types = Costs(calls, static o => (Type(o), Type(o)));
        double[] spans = [.. calls.Select(static c => c.Count == 0 ? 0d : c.Max(static o => o.StartNanoseconds + o.DurationNanoseconds))];
        return new(mode, null, ops, types, plain, Percentiles.Median(spans), calls.Count, calls[^1]);
    }

    private static string Type(OpTime op) => op.Op.Length > 0 ? op.Op : "(unnamed)";

    private static List<OpCost> Costs(IReadOnlyList<IReadOnlyList<OpTime>> calls, Func<OpTime, (string Name, string Op)> key)
    {
        var perCall = calls.Select(c => c.GroupBy(key).ToDictionary(static g => g.Key, static g => (Count: g.Count(), Time: g.Sum(static o => (double)o.DurationNanoseconds)))).ToList();
        var costs = perCall.SelectMany(static c => c.Keys).Distinct().Select(k => new OpCost(
            k.Name,
            k.Op,
            perCall.Average(c => (double)c.GetValueOrDefault(k).Count),
            Percentiles.Median([.. perCall.Select(c => c.GetValueOrDefault(k).Time)]),
            0)).ToList();
        var total = Math.Max(costs.Sum(static c => c.Time), 1e-9);
        return [.. costs.Select(c => c with { Share = c.Time / total }).OrderByDescending(static c => c.Time)];
    }
}
