using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>What <c>diff</c> found.</summary>
/// <param name="Model">The model's directory.</param>
/// <param name="Signature">The entry point.</param>
/// <param name="Baseline">The mode that ratios are taken to; null when none ran.</param>
/// <param name="Options">What was asked.</param>
/// <param name="Batches">One per batch size.</param>
/// <param name="Clock">What measuring costs.</param>
/// <param name="Machine">Where it was measured.</param>
/// <param name="EngineVersions">The version of each engine that ran.</param>
/// <param name="WasCancelled">Whether the user ended it early.</param>
/// <param name="TicksPerSecond">The ticks of the raw times.</param>
internal sealed record DiffReport(
    string Model,
    string Signature,
    ModeName? Baseline,
    DiffOptions Options,
    IReadOnlyList<DiffBatch> Batches,
    ClockCost Clock,
    MachineFacts Machine,
    IReadOnlyDictionary<string, string> EngineVersions,
    bool WasCancelled,
    long TicksPerSecond)
{
    /// <summary>Whether work that nobody waits for any more, such as compiling, was still going on at the end.</summary>
    public bool LeftWork { get; init; }

    /// <summary>The rows whose outputs are beyond the tolerances.</summary>
    public IEnumerable<(DiffBatch Batch, DiffRow Row)> Departures =>
        from batch in Batches from row in batch.Rows where row.Difference?.Mismatch is not null select (batch, row);
}
