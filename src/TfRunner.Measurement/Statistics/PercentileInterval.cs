using MathNet.Numerics.Distributions;

namespace TfRunner.Measurement;

/// <summary>
/// A percentile with a distribution-free confidence interval between two order statistics (David and Nagaraja, "Order
/// Statistics", 3rd edition, section 7.1): the number of calls below the true percentile is binomial.
/// </summary>
/// <param name="Fraction">Which percentile, 0 to 1.</param>
/// <param name="Value">The estimate.</param>
/// <param name="Low">The interval's lower end; minus infinity when there are too few values to bound it.</param>
/// <param name="High">The interval's upper end; infinity when there are too few values to bound it.</param>
internal sealed record PercentileInterval(double Fraction, double Value, double Low, double High)
{
    /// <summary>Whether both ends are order statistics.</summary>
    public bool IsBounded => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>Estimates a percentile.</summary>
    /// <param name="sorted">Ascending.</param>
    /// <param name="fraction">0 to 1, both excluded.</param>
    /// <param name="confidence">0 to 1, both excluded; 0.95 by default. The interval covers with at least this probability.</param>
    /// <returns>The percentile and its interval.</returns>
    public static PercentileInterval OfSorted(ReadOnlySpan<double> sorted, double fraction, double confidence = 0.95)
    {
        var value = Percentiles.OfSorted(sorted, fraction);
        var (low, high) = Ranks(sorted.Length, fraction, confidence);
        return new(
            fraction,
            value,
            low < 1 ? double.NegativeInfinity : sorted[low - 1],
            high > sorted.Length ? double.PositiveInfinity : sorted[high - 1]);
    }

    /// <summary>The ranks, from 1, between which the true percentile lies; 0 and n + 1 stand for no bound.</summary>
    public static (int Low, int High) Ranks(int count, double fraction, double confidence)
    {
        if (count == 0)
        {
            return (0, 1);
        }

        // P(X_(l) > q) = P(B <= l - 1) and P(X_(h) < q) = P(B >= h) = 1 - P(B <= h - 1), each held to half of what may miss.
        var tail = (1 - confidence) / 2;
        var binomial = new Binomial(fraction, count);
        var low = Search(0, count, k => binomial.CumulativeDistribution(k) > tail);
        var high = Search(0, count, k => binomial.CumulativeDistribution(k) >= 1 - tail) + 1;
        return (low, Math.Min(high, count + 1));
    }

    /// <summary>The least value in the range for which a condition, once true always true, holds; the last when it never does.</summary>
    private static int Search(int from, int to, Func<int, bool> holds)
    {
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = holds(middle) ? (from, middle) : (middle + 1, to);
        }

        return from;
    }
}
