using System.Globalization;

namespace TfRunner.Benchmarks.Loads;

/// <summary>The resident memory of this process, mapped files included, as Linux counts it.</summary>
internal static class ResidentMemory
{
    /// <summary>The memory in use now, in bytes.</summary>
    public static long Current => Read("VmRSS:");

    /// <summary>The most that was in use since the last reset, in bytes.</summary>
    public static long Peak => Read("VmHWM:");

    /// <summary>Forgets the peak.</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Read(string key)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(key.Length, line.Length - key.Length - " kB".Length).Trim(), CultureInfo.InvariantCulture);
    }
}
