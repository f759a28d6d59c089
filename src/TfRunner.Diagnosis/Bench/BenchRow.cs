using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Bench;

/// <summary>One load.</summary>
/// <param name="Concurrency">Callers at once.</param>
/// <param name="Load">Every request.</param>
/// <param name="Latency">What users waited: from the intended start to the end.</param>
/// <param name="Service">What the calls themselves took.</param>
/// <param name="CallsPerSecond">The throughput in calls.</param>
internal sealed record BenchRow(int Concurrency, LoadResult Load, SeriesSummary? Latency, SeriesSummary? Service, double CallsPerSecond)
{
    /// <summary>The share of the processors' time that other work used meanwhile; 0 where that is not known.</summary>
    public double Others { get; init; }
}
