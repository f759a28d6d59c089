using TfRunner.Data.Formats;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Prediction;

/// <summary>How many rows go where.</summary>
/// <param name="BatchSize">Rows per call.</param>
/// <param name="PadTo">The rows that each call must have; null where any number will do.</param>
/// <param name="Limit">The most rows to predict.</param>
/// <param name="Prefetch">Batches read ahead, or <see cref="Data.Pipeline.Dataset.Auto"/>.</param>
/// <param name="Part">Which rows of the input the source gives.</param>
/// <param name="IsFilled">Whether the rows are some of many, in several parts or runs: short batches are filled up then, see <see cref="BatchSize.Filled"/>.</param>
/// <param name="Pipeline">How reading ahead is run.</param>
internal sealed record BatchPlan(int BatchSize, int? PadTo, long Limit, int Prefetch, RowPart Part, bool IsFilled, PipelineOptions Pipeline)
{
    /// <summary>How many rows of the source came before.</summary>
    public long FirstRow { get; init; }
}
