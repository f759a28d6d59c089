using MathNet.Numerics.Distributions;

namespace TfRunner.Measurement;

/// <summary>
/// Tells when a load's throughput and median latency have settled: the run so far is cut into windows of equal time, and both
/// figures' intervals over the windows are as narrow as asked, with no trend among the windows.
/// </summary>
internal static class LoadStability
{
    private const int Windows = 12;
    private const int MinRequests = 60;

    public static bool IsStable(IReadOnlyList<Request> requests, long began, long now, double precision)
    {
        if (requests.Count < MinRequests || now <= began)
        {
            return false;
        }

        var windows = new List<double>[Windows];
        for (var i = 0; i < Windows; i++)
        {
            windows[i] = [];
        }

        foreach (var request in requests)
        {
            var at = (int)((request.End - began) * (double)Windows / (now - began));
            windows[Math.Clamp(at, 0, Windows - 1)].Add(request.Latency);
        }

        if (windows.Any(static w => w.Count == 0))
        {
            return false;
        }

        double[] counts = [.. windows.Select(static w => (double)w.Count)];
        double[] medians = [.. windows.Select(static w => Percentiles.Median(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(w)))];
        return HalfWidth(counts) <= precision && HalfWidth(medians) <= precision && Trend.Of(medians).PValue > 0.05;
    }

    private static double HalfWidth(double[] values)
    {
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        return StudentT.InvCDF(0, 1, values.Length - 1, 0.975) * Math.Sqrt(variance / values.Length) / mean;
    }
}
