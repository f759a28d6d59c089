using System.Globalization;

namespace TfRunner.Measurement;

/// <summary>
/// How much of the processors other work has used. It makes ways of calling that share work among threads slower than ways that
/// do not, and no number of calls averages that out.
/// </summary>
/// <param name="Busy">The processors' time in use, by anybody, since the system began; in ticks of a hundredth of a second.</param>
/// <param name="All">The same, unused time included.</param>
/// <param name="Own">The processors' time that this process has used.</param>
/// <param name="Surplus">How many times as many processors there are as this process may use; more than 1 in a container that is limited.</param>
internal sealed record ProcessorUse(double Busy, double All, TimeSpan Own, double Surplus = 1)
{
    private const double TicksPerSecond = 100;

    /// <summary>Fewer ticks than this tell nothing.</summary>
    private const double LeastTicks = 20;

    /// <summary>The share of others that does no harm: there is always some.</summary>
    private const double Harmless = 0.1;

    /// <summary>The present; all zero where the system does not say (only Linux does).</summary>
    public static ProcessorUse Read()
    {
        try
        {
            // Source: proc(5). cpu user nice system idle iowait irq softirq steal ...; what guests use is in user.
            var lines = File.Exists("/proc/stat") ? File.ReadLines("/proc/stat").TakeWhile(static l => l.StartsWith("cpu", StringComparison.Ordinal)).ToList() : [];
            double[] ticks = [.. (lines.FirstOrDefault() ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(static t => double.Parse(t, CultureInfo.InvariantCulture))];
            return ticks.Length < 8 ? new(0, 0, default) : new(ticks.Sum() - ticks[3] - ticks[4], ticks.Sum(), Environment.CpuUsage.TotalTime, Math.Max(1, (lines.Count - 1.0) / Environment.ProcessorCount));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return new(0, 0, default);
        }
    }

    /// <summary>
    /// The share of the processors that this process may use which others left it without since an earlier reading: 0 to 1; 0
    /// when that is not known. Others on processors that it could not use anyway do no harm.
    /// </summary>
    public double OthersSince(ProcessorUse earlier)
    {
        var all = All - earlier.All;
        var others = all < LeastTicks ? 0 : (Busy - earlier.Busy - ((Own - earlier.Own).TotalSeconds * TicksPerSecond)) / all;
        return Math.Clamp(1 - ((1 - others) * Surplus), 0, 1);
    }

    /// <summary>
    /// How far a ratio may be off, as a share, when others used some of the processors: work on all of them then takes 1 / (1 - share)
    /// times as long, and work that waits for threads to be woken up to twice that often.
    /// </summary>
    /// <param name="others">The share of others, 0 to 1.</param>
    /// <returns>0 for little; infinite when nothing was left.</returns>
    public static double RatioError(double others)
    {
        var left = 1 - (Math.Max(0, others - Harmless) / (1 - Harmless));
        return left <= 0 ? double.PositiveInfinity : (1 / (left * left)) - 1;
    }
}
