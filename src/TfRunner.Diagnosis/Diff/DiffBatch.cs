using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>All modes at one batch size.</summary>
/// <param name="Batch">Rows per call; 0 where the inputs go in whole.</param>
/// <param name="Inputs">What the inputs are, in one line.</param>
/// <param name="Rows">One row per mode.</param>
/// <param name="Rounds">Whole rounds of sampling.</param>
/// <param name="End">Why sampling ended; null when nothing was sampled.</param>
/// <param name="Recipe">Which guess made the inputs; -1 for the user's own.</param>
internal sealed record DiffBatch(int Batch, string Inputs, IReadOnlyList<DiffRow> Rows, int Rounds, SamplingEnd? End, int Recipe)
{
    /// <summary>The share of the processors' time that other work used while calls were made in turns; 0 where that is not known.</summary>
    public double Others { get; init; }
}
