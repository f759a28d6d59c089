namespace TfRunner.Benchmarks;

/// <summary>How many times as long one contender takes as another.</summary>
/// <param name="Median">The ratio of the medians over all calls.</param>
/// <param name="Smallest">The smallest ratio of the medians within one round.</param>
/// <param name="Largest">The largest.</param>
/// <param name="Undisturbed">The ratio of the tenth percentiles over all calls: where neighbours of a virtual machine make a
/// part of all calls twice as long, medians fall on either side by chance, and this does not.</param>
internal readonly record struct RatioOfMedians(double Median, double Smallest, double Largest, double Undisturbed)
{
    /// <summary>Compares two contenders of the same rounds.</summary>
    /// <param name="slower">The rounds above the fraction bar.</param>
    /// <param name="faster">The rounds below it.</param>
    /// <returns>The ratio.</returns>
    public static RatioOfMedians Of(IReadOnlyList<double[]> slower, IReadOnlyList<double[]> faster)
    {
        var perRound = slower.Zip(faster, static (a, b) => MedianOf(a) / MedianOf(b)).ToArray();
        return new(MedianOf(slower) / MedianOf(faster), perRound.Min(), perRound.Max(), TenthOf(slower) / TenthOf(faster));
    }

    /// <summary>The median of all calls of all rounds.</summary>
    /// <param name="rounds">The rounds.</param>
    /// <returns>The median.</returns>
    public static double MedianOf(IReadOnlyList<double[]> rounds) => MedianOf([.. rounds.SelectMany(static r => r)]);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Median:0.00} [{Smallest:0.00}, {Largest:0.00}] | {Undisturbed:0.00}");

    private static double TenthOf(IReadOnlyList<double[]> rounds)
    {
        var sorted = rounds.SelectMany(static r => r).Order().ToArray();
        return sorted[sorted.Length / 10];
    }

    private static double MedianOf(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
