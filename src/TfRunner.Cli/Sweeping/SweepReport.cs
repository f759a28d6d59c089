using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Sweeping;

/// <summary>What <c>sweep</c> found.</summary>
/// <param name="Model">As the user gave it.</param>
/// <param name="Modes">The modes, in order.</param>
/// <param name="Batches">The batch sizes, in order.</param>
/// <param name="Threads">The thread counts, in order.</param>
/// <param name="Cells">Every setting that was measured.</param>
/// <param name="Machine">Where it was measured.</param>
/// <param name="WasCancelled">Whether the user ended it early.</param>
internal sealed record SweepReport(
    string Model, IReadOnlyList<ModeName> Modes, IReadOnlyList<int> Batches, IReadOnlyList<int> Threads, IReadOnlyList<SweepCell> Cells, MachineFacts Machine, bool WasCancelled)
{
    /// <summary>The model's own name where the path ends in a word that says nothing.</summary>
    public string Name => Path.TrimEndingDirectorySeparator(Model) is var path && Path.GetFileName(path) == "saved_model" && Path.GetDirectoryName(path) is { Length: > 0 } parent
        ? Path.GetFileName(parent)
        : Path.GetFileName(path);

    /// <summary>The setting with the least median latency; null when none worked.</summary>
    public SweepCell? BestLatency => Cells.Where(static c => c.Failure is null).MinBy(static c => c.P50);

    /// <summary>The setting with the most rows per second; null when none worked.</summary>
    public SweepCell? BestThroughput => Cells.Where(static c => c.Failure is null).MaxBy(static c => c.RowsPerSecond);

    public SweepCell? Find(ModeName mode, int batch, int threads) => Cells.FirstOrDefault(c => c.Mode == mode && c.Batch == batch && c.Threads == threads);
}
