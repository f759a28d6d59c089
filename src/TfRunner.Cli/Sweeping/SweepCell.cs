using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Sweeping;

/// <summary>One setting of a sweep and what a process of its own measured.</summary>
/// <param name="Mode">How the model was called.</param>
/// <param name="Batch">Rows per call.</param>
/// <param name="Threads">Threads inside one op; 0 lets the engine choose.</param>
/// <param name="P50">The median latency in nanoseconds; not a number when it failed.</param>
/// <param name="P99">The 99th percentile in nanoseconds.</param>
/// <param name="RowsPerSecond">The throughput.</param>
/// <param name="Failure">Why there are no figures, in one line; null when there are.</param>
internal sealed record SweepCell(ModeName Mode, int Batch, int Threads, double P50, double P99, double RowsPerSecond, string? Failure)
{
    public string Setting => FormattableString.Invariant($"{Mode} --batch-size {Batch} --threads {Threads}");

    public string Latency => Failure is null ? new TimeInterval(P50).ToString() : "-";
}
