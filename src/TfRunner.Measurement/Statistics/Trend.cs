using MathNet.Numerics.Distributions;

namespace TfRunner.Measurement;

/// <summary>
/// Whether values rise or fall in time: Theil and Sen's slope, and Mann and Kendall's test with ties (Gilbert 1987,
/// section 16.4). Long series are first reduced to medians of equal stretches, which also takes most of the
/// dependence between neighbours away.
/// </summary>
/// <param name="RelativeChange">The change from the first value to the last along the slope, as a share of the median.</param>
/// <param name="PValue">The probability of a trend at least as strong in values without one; two-sided.</param>
internal sealed record Trend(double RelativeChange, double PValue)
{
    private const int MaxPoints = 60;

    public static Trend None { get; } = new(0, 1);

    /// <summary>Looks for a trend.</summary>
    /// <param name="values">In the order of time.</param>
    /// <returns>The trend; <see cref="None"/> for fewer than 4 values.</returns>
    public static Trend Of(ReadOnlySpan<double> values)
    {
        if (values.Length < 4)
        {
            return None;
        }

        var points = Reduce(values);
        var slopes = new List<double>(points.Length * (points.Length - 1) / 2);
        var score = 0L;
        for (var i = 0; i < points.Length; i++)
        {
            for (var j = i + 1; j < points.Length; j++)
            {
                score += Math.Sign(points[j] - points[i]);
                slopes.Add((points[j] - points[i]) / (j - i));
            }
        }

        slopes.Sort();
        var slope = Percentiles.OfSorted(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(slopes), 0.5);
        var median = Percentiles.Median(points);
        return new(median == 0 ? 0 : slope * (points.Length - 1) / Math.Abs(median), Probability(points, score));
    }

    private static double Probability(double[] points, long score)
    {
        double n = points.Length;
        var variance = n * (n - 1) * ((2 * n) + 5);
        foreach (var tied in points.CountBy(static p => p))
        {
            double t = tied.Value;
            variance -= t * (t - 1) * ((2 * t) + 5);
        }

        if (variance <= 0 || score == 0)
        {
            return 1;
        }

        var z = (Math.Abs(score) - 1) / Math.Sqrt(variance / 18);
        return Math.Min(1, 2 * Normal.CDF(0, 1, -z));
    }

    private static double[] Reduce(ReadOnlySpan<double> values)
    {
        if (values.Length <= MaxPoints)
        {
            return values.ToArray();
        }

        var points = new double[MaxPoints];
        for (var i = 0; i < MaxPoints; i++)
        {
            var from = (int)((long)values.Length * i / MaxPoints);
            var to = (int)((long)values.Length * (i + 1) / MaxPoints);
            points[i] = Percentiles.Median(values[from..to]);
        }

        return points;
    }
}
