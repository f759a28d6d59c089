using System.Globalization;
using System.Runtime.InteropServices;

namespace TfRunner.Measurement;

/// <summary>The machine that a measurement was made on.</summary>
/// <param name="Processor">The processor's name; the architecture where the system does not say.</param>
/// <param name="Processors">How many processors the process may use.</param>
/// <param name="Memory">The memory that the process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Quota">The share of processors that a control group allows; null without a limit.</param>
/// <param name="LoadAverage">The load over the last minute; 0 where the system does not say.</param>
internal sealed record MachineFacts(
    string Processor, int Processors, ByteSize Memory, string System, string Runtime, double? Quota, double LoadAverage)
{
    public static MachineFacts Read() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        RuntimeInformation.OSDescription.Trim(),
        RuntimeInformation.FrameworkDescription,
        ReadQuota(),
        Number(FirstWord("/proc/loadavg")) ?? 0);

    private static string ProcessorName()
    {
        var line = Lines("/proc/cpuinfo").FirstOrDefault(static l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    /// <summary>Control groups version 2: <c>cpu.max</c> holds the quota and the period in microseconds.</summary>
    private static double? ReadQuota() =>
        Lines("/sys/fs/cgroup/cpu.max").FirstOrDefault()?.Split(' ') is [var quota, var period] && Number(quota) is { } q && Number(period) is > 0 and var p
            ? q / p
            : null;

    private static string? FirstWord(string path) => Lines(path).FirstOrDefault()?.Split(' ')[0];

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
