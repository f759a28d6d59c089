using System.Globalization;
using System.Text.Json;
using TfRunner.Cli.Measuring;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Sweeping;

/// <summary>Measures one setting by running <c>bench</c> in a process of its own: thread pools are the process's.</summary>
/// <param name="arguments">The model, how it is loaded and its inputs, as arguments; threads left out.</param>
/// <param name="time">The time of each load.</param>
/// <param name="seed">Makes the same random inputs everywhere.</param>
internal sealed class SweepProcesses(IReadOnlyList<string> arguments, TimeInterval time, ulong seed)
{
    /// <summary>Loading and compiling come on top of the load's time.</summary>
    private static readonly TimeInterval LoadingLimit = TimeInterval.FromSeconds(120);

    public SweepCell Measure(ModeName mode, int batch, int threads, CancellationToken cancellationToken)
    {
        string[] command =
        [
            "bench", .. arguments,
            "--engine", mode.Engine, "--mode", mode.Mode,
            "--batch-size", Text(batch), "--threads", Text(threads),
            "--max-time", Text(Math.Max(1, (int)time.Milliseconds)) + "ms", "--seed", seed.ToString(CultureInfo.InvariantCulture), "--export", "-",
        ];
        var (exitCode, output, error) = ChildProcess.Run(command, new(time.Nanoseconds + LoadingLimit.Nanoseconds), cancellationToken);
        SweepCell Failed(string reason) => new(mode, batch, threads, double.NaN, double.NaN, 0, reason);
        if (exitCode is null)
        {
            return Failed($"took longer than {LoadingLimit} to load");
        }

        try
        {
            using var document = JsonDocument.Parse(output);
            var row = document.RootElement.GetProperty("rows")[0];
            var summary = row.GetProperty("summary");
            return new(
                mode,
                batch,
                threads,
                summary.GetProperty("p50").GetProperty("ns").GetDouble(),
                summary.GetProperty("p99").GetProperty("ns").GetDouble(),
                row.GetProperty("rows_per_second").GetDouble(),
                null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return Failed(exitCode == 0 ? $"no call was measured within {time} (--max-time)"
                : error.Length > 0 ? error
                : FormattableString.Invariant($"the process ended with {exitCode}"));
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
