using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Bench;

/// <summary>What <c>bench</c> found.</summary>
/// <param name="Model">The model's directory.</param>
/// <param name="Signature">The entry point.</param>
/// <param name="Options">What was asked.</param>
/// <param name="Batch">Rows per call; 0 where the inputs go in whole.</param>
/// <param name="Inputs">What the inputs are, in one line.</param>
/// <param name="WarmUp">How the model was warmed up.</param>
/// <param name="Rows">One per load.</param>
/// <param name="Clock">What measuring costs.</param>
/// <param name="Machine">Where it was measured.</param>
/// <param name="EngineVersion">The engine's version.</param>
/// <param name="WasCancelled">Whether the user ended it early.</param>
/// <param name="TicksPerSecond">The ticks of the raw times.</param>
internal sealed record BenchReport(
    string Model,
    string Signature,
    BenchOptions Options,
    int Batch,
    string Inputs,
    WarmUpResult WarmUp,
    IReadOnlyList<BenchRow> Rows,
    ClockCost Clock,
    MachineFacts Machine,
    string EngineVersion,
    bool WasCancelled,
    long TicksPerSecond)
{
    /// <summary>Rows of input per second.</summary>
    public double RowsPerSecond(BenchRow row) => row.CallsPerSecond * Math.Max(1, Batch);
}
