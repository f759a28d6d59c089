namespace TfRunner.Cli.Prediction;

/// <summary>How many rows go where.</summary>
/// <param name="BatchSize">Rows per call.</param>
/// <param name="PadTo">The rows that each call must have; null where any number will do.</param>
/// <param name="Limit">The most rows to predict.</param>
/// <param name="Prefetch">Batches read ahead, or <see cref="Data.Pipeline.Dataset.Auto"/>.</param>
/// <param name="FirstPosition">The position in the input of the first row.</param>
internal sealed record BatchPlan(int BatchSize, int? PadTo, long Limit, int Prefetch, long FirstPosition);
