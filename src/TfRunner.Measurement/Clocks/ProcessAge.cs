using System.Diagnostics;

namespace TfRunner.Measurement;

/// <summary>How long this process has been running: what its user has waited before the first line of a command.</summary>
internal static class ProcessAge
{
    /// <summary>Reads it.</summary>
    /// <param name="time">Tells the present.</param>
    /// <returns>The age; 0 where the system does not say, or says something odd.</returns>
    public static TimeInterval Read(TimeProvider time)
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            var age = time.GetUtcNow() - process.StartTime.ToUniversalTime();
            return age < TimeSpan.Zero || age > TimeSpan.FromHours(1) ? default : new(age.TotalNanoseconds);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or System.ComponentModel.Win32Exception)
        {
            return default;
        }
    }
}
