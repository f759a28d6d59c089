namespace TfRunner.Measurement;

/// <summary>How many times as long one contender takes as another, with a 95 % interval.</summary>
/// <param name="Ratio">The estimate; below 1 is faster.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="Rounds">From how many rounds, or stretches of calls, it was estimated.</param>
internal sealed record RatioInterval(double Ratio, double Low, double High, int Rounds)
{
    /// <summary>Nothing is known.</summary>
    public static RatioInterval Unknown { get; } = new(double.NaN, 0, double.PositiveInfinity, 0);

    /// <summary>Half of the interval's width as a share of the estimate.</summary>
    public double Precision => double.IsFinite(High) && Low > 0 ? (Math.Sqrt(High / Low) - 1) : double.PositiveInfinity;

    /// <summary>Judges the ratio.</summary>
    /// <param name="threshold">The least change that matters, as a share; 0 or more.</param>
    /// <param name="resolution">
    /// The interval is taken as no narrower than plus or minus this share. One process cannot tell finer differences from those
    /// that its memory layout and its place on the machine make, however many calls it measures (Mytkowicz et al. 2009).
    /// </param>
    /// <returns>The verdict.</returns>
    public Verdict Judge(double threshold, double resolution = 0)
    {
        if (!double.IsFinite(Ratio))
        {
            return Verdict.Inconclusive;
        }

        var (low, high) = (Math.Min(Low, Ratio / (1 + resolution)), Math.Max(High, Ratio * (1 + resolution)));
        return low > 1 + threshold ? Verdict.Slower
            : high < 1 / (1 + threshold) ? Verdict.Faster
            : low >= 1 / (1 + threshold) && high <= 1 + threshold ? Verdict.Indistinguishable
            : Verdict.Inconclusive;
    }
}
