namespace TfRunner.Measurement;

/// <summary>
/// Finds peaks of a distribution: a Gaussian kernel density of the logarithms with Silverman's bandwidth, whose peaks
/// count only when each holds a real share of the calls and a real valley lies between them.
/// </summary>
internal static class Modality
{
    private const int GridPoints = 256;
    private const int MinValues = 30;
    private const double MinShare = 0.08;
    private const double MaxValley = 0.6;

    /// <summary>The centres of the peaks, ascending.</summary>
    /// <param name="sorted">Ascending and above zero.</param>
    /// <returns>One centre, or several when the distribution has several peaks; empty for fewer than 30 values.</returns>
    public static IReadOnlyList<double> Peaks(ReadOnlySpan<double> sorted)
    {
        if (sorted.Length < MinValues || sorted[0] <= 0)
        {
            return [];
        }

        var logs = new double[sorted.Length];
        for (var i = 0; i < logs.Length; i++)
        {
            logs[i] = Math.Log(sorted[i]);
        }

        var spread = Math.Min(Deviation(logs), (Percentiles.OfSorted(logs, 0.75) - Percentiles.OfSorted(logs, 0.25)) / 1.349);
        spread = spread > 0 ? spread : Deviation(logs);
        if (spread <= 1e-12)
        {
            return [sorted[sorted.Length / 2]];
        }

        // Tails far out would spread the grid so thin that near peaks merge.
        var (low, high) = (Percentiles.OfSorted(logs, 0.005), Percentiles.OfSorted(logs, 0.995));
        var bandwidth = 0.9 * spread * Math.Pow(logs.Length, -0.2);
        var density = Density(logs, low - (3 * bandwidth), high + (3 * bandwidth), bandwidth);
        var step = (high - low + (6 * bandwidth)) / (GridPoints - 1);
        return [.. Separate(density).Select(i => Math.Exp(low - (3 * bandwidth) + (i * step)))];
    }

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }

    // Values are binned first: the cost is grid times kernel width, whatever the number of calls.
    private static double[] Density(double[] sorted, double low, double high, double bandwidth)
    {
        var step = (high - low) / (GridPoints - 1);
        var bins = new double[GridPoints];
        foreach (var value in sorted)
        {
            var at = (int)Math.Round((value - low) / step);
            if (at >= 0 && at < GridPoints)
            {
                bins[at]++;
            }
        }

        var density = new double[GridPoints];
        for (var i = 0; i < GridPoints; i++)
        {
            for (var j = 0; j < GridPoints; j++)
            {
                var z = (i - j) * step / bandwidth;
                density[i] += bins[j] == 0 || Math.Abs(z) > 5 ? 0 : bins[j] * Math.Exp(-0.5 * z * z);
            }
        }

        return density;
    }

    /// <summary>Merges neighbouring peaks until every valley is deep and every peak has a real share.</summary>
    private static List<int> Separate(double[] density)
    {
        var peaks = Enumerable.Range(0, density.Length)
            .Where(i => (i == 0 || density[i] > density[i - 1]) && (i == density.Length - 1 || density[i] >= density[i + 1]) && density[i] > 0)
            .ToList();
        while (peaks.Count > 1)
        {
            var valleys = peaks.Zip(peaks.Skip(1), (a, b) => Enumerable.Range(a, b - a + 1).MinBy(i => density[i])).ToList();
            var worst = Enumerable.Range(0, valleys.Count)
                .MaxBy(i => density[valleys[i]] / Math.Min(density[peaks[i]], density[peaks[i + 1]]));
            var borders = valleys.Prepend(0).Append(density.Length).ToList();
            var total = density.Sum();
            var thinnest = Enumerable.Range(0, peaks.Count).MinBy(i => density[borders[i]..borders[i + 1]].Sum());
            if (density[valleys[worst]] > MaxValley * Math.Min(density[peaks[worst]], density[peaks[worst + 1]]))
            {
                peaks.RemoveAt(density[peaks[worst]] < density[peaks[worst + 1]] ? worst : worst + 1);
            }
            else if (density[borders[thinnest]..borders[thinnest + 1]].Sum() < MinShare * total)
            {
                peaks.RemoveAt(thinnest);
            }
            else
            {
                break;
            }
        }

        return peaks;
    }
}
