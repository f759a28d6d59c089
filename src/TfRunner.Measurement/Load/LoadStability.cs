using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;

namespace TfRunner.Measurement;

/// <summary>
/// Tells when a load's throughput and latency have settled: the run so far is cut into windows of equal time, and the intervals
/// over the windows are as narrow as asked, with no trend among their medians. Tails scatter more than medians and are given
/// more room.
/// </summary>
internal static class LoadStability
{
    /// <summary>How many times the precision the 90th and the 99th percentile are given.</summary>
    public const int TailFactor = 5;

    private const int Windows = 12;
    private const int MinRequests = 60;

    /// <summary>Of a window with more requests, every second, third, ... is looked at: a look must not take the time of calls.</summary>
    private const int MostOfWindow = 3_000;

    /// <summary>Whether it has settled.</summary>
    /// <param name="requests">What has ended, in the order of the ends.</param>
    /// <param name="began">The first tick.</param>
    /// <param name="now">The present.</param>
    /// <param name="precision">The half width of the intervals of throughput and median, as a share.</param>
    /// <returns>Whether it has.</returns>
    public static bool IsStable(IReadOnlyList<Request> requests, long began, long now, double precision)
    {
        if (requests.Count < MinRequests || now <= began)
        {
            return false;
        }

        var (counts, medians, nineties, all) = (new double[Windows], new double[Windows], new double[Windows], new List<double>());
        var from = 0;
        for (var i = 0; i < Windows; i++)
        {
            var to = i + 1 == Windows ? requests.Count : FirstAfter(requests, from, began + (long)((now - began) * ((i + 1.0) / Windows)));
            if (to == from)
            {
                return false;
            }

            var first = all.Count;
            for (var k = from; k < to; k += 1 + ((to - from) / MostOfWindow))
            {
                all.Add(requests[k].Latency);
            }

            var sorted = Percentiles.Sorted(CollectionsMarshal.AsSpan(all)[first..]);
            (counts[i], medians[i], nineties[i]) = (to - from, Percentiles.OfSorted(sorted, 0.5), Percentiles.OfSorted(sorted, 0.9));
            from = to;
        }

        if (HalfWidth(counts) > precision || HalfWidth(medians) > precision || HalfWidth(nineties) > precision * TailFactor || Trend.Of(medians).PValue <= 0.05)
        {
            return false;
        }

        // A window holds too few requests to tell its own 99th percentile.
        var p99 = PercentileInterval.OfSorted(Percentiles.Sorted(CollectionsMarshal.AsSpan(all)), 0.99);
        return p99.IsBounded && (p99.High - p99.Low) / 2 <= p99.Value * precision * TailFactor;
    }

    private static int FirstAfter(IReadOnlyList<Request> requests, int from, long end)
    {
        var to = requests.Count;
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = requests[middle].End >= end ? (from, middle) : (middle + 1, to);
        }

        return from;
    }

    private static double HalfWidth(double[] values)
    {
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        return mean <= 0 ? 0 : StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * Math.Sqrt(variance / values.Length) / mean;
    }
}
