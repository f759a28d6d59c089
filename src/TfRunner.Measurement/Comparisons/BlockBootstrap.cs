using MathNet.Numerics.Distributions;

namespace TfRunner.Measurement;

/// <summary>
/// The midmean (the mean of the middle half) of a sequence and its interval, by resampling circular blocks of neighbours
/// (Politis and Romano 1992), so that values that depend on those before them do not make the interval too narrow.
/// </summary>
internal static class BlockBootstrap
{
    /// <summary>Resamples for a figure that is reported.</summary>
    public const int Resamples = 999;

    /// <summary>Resamples for a look on the way, which only decides whether to go on.</summary>
    public const int QuickResamples = 199;

    private const double Confidence = 0.95;
    private const ulong Seed = 0x5DEECE66D;

    /// <summary>Estimates the midmean.</summary>
    /// <param name="values">In the order of time.</param>
    /// <param name="resamples">How many resamples; 100 or more.</param>
    /// <returns>The estimate and the ends of its 95 % interval; infinite ends for fewer than 3 values.</returns>
    public static (double Estimate, double Low, double High) Midmean(ReadOnlySpan<double> values, int resamples = Resamples)
    {
        var n = values.Length;
        if (n < 3)
        {
            return (n == 0 ? double.NaN : values.ToArray().Average(), double.NegativeInfinity, double.PositiveInfinity);
        }

        // A resample is kept as counts of ranks, so its midmean needs no sorting.
        var (sorted, order, ranks, counts) = (values.ToArray(), new int[n], new int[n], new int[n]);
        for (var i = 0; i < n; i++)
        {
            order[i] = i;
        }

        Array.Sort(sorted, order);
        for (var i = 0; i < n; i++)
        {
            ranks[order[i]] = i;
            counts[i] = 1;
        }

        var estimate = OfCounts(sorted, counts, n);
        var block = BlockLength(values);
        var means = new double[resamples];
        var random = new SeededRandom(Seed + (ulong)n);
        for (var r = 0; r < resamples; r++)
        {
            Array.Clear(counts);
            for (var taken = 0; taken < n;)
            {
                var at = random.Below(n);
                for (var j = 0; j < block && taken < n; j++, taken++)
                {
                    counts[ranks[at]]++;
                    at = at + 1 == n ? 0 : at + 1;
                }
            }

            means[r] = OfCounts(sorted, counts, n);
        }

        Array.Sort(means);
        var tail = (1 - Confidence) / 2;

        // The percentile interval is too narrow for few blocks; Student's factor makes up for it.
        var widen = StudentT.InvCDF(0, 1, Math.Max(1, ((double)n / block) - 1), 1 - tail) / Normal.InvCDF(0, 1, 1 - tail);
        return (
            estimate,
            estimate - (widen * (estimate - Percentiles.OfSorted(means, tail))),
            estimate + (widen * (Percentiles.OfSorted(means, 1 - tail) - estimate)));
    }

    /// <summary>The length of a block: longer the more a value tells of the next, and at most a quarter of all.</summary>
    private static int BlockLength(ReadOnlySpan<double> values)
    {
        var n = values.Length;
        var root = Math.Cbrt(n);
        var correlation = Math.Clamp(LagOne(values), 0, 0.95);

        // The rate is Carlstein's for a first-order autoregression (1986); a cube root of n is the least, for what lag one misses.
        var carlstein = Math.Pow(2 * correlation / (1 - (correlation * correlation)), 2d / 3) * root;
        return Math.Clamp((int)Math.Round(Math.Max(carlstein, n >= 30 ? root / 2 : 1)), 1, Math.Max(1, n / 4));
    }

    private static double LagOne(ReadOnlySpan<double> values)
    {
        // Of ranks about the median would be costlier; clipping keeps single spikes from hiding the dependence.
        var sorted = Percentiles.Sorted(values);
        var (low, high) = (Percentiles.OfSorted(sorted, 0.05), Percentiles.OfSorted(sorted, 0.95));
        var mean = 0d;
        foreach (var v in values)
        {
            mean += Math.Clamp(v, low, high) / values.Length;
        }

        var (product, square, before) = (0d, 0d, 0d);
        for (var i = 0; i < values.Length; i++)
        {
            var deviation = Math.Clamp(values[i], low, high) - mean;
            product += i == 0 ? 0 : before * deviation;
            square += deviation * deviation;
            before = deviation;
        }

        return square <= 0 ? 0 : product / square;
    }

    /// <summary>The mean of the middle half, with the shares at its borders.</summary>
    private static double OfCounts(double[] sorted, int[] counts, int n)
    {
        var (from, to) = (n / 4d, n * 3 / 4d);
        var (sum, seen) = (0d, 0d);
        for (var i = 0; i < sorted.Length && seen < to; i++)
        {
            if (counts[i] > 0)
            {
                var next = seen + counts[i];
                var share = Math.Min(next, to) - Math.Max(seen, from);
                sum += share > 0 ? share * sorted[i] : 0;
                seen = next;
            }
        }

        return sum / (to - from);
    }
}
