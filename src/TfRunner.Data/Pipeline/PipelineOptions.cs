namespace TfRunner.Data.Pipeline;

/// <summary>How a dataset is run.</summary>
public sealed record PipelineOptions
{
    /// <summary>Where time comes from; tests step it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes that buffers sized by <see cref="Dataset.Auto"/> may hold together; more than 0. Default 1 GiB.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;

    /// <summary>Calls that stages with <see cref="Dataset.Auto"/> may have running at once, each stage; at least 1. Default: the processor count.</summary>
    public int MaxParallelCalls { get; init; } = Environment.ProcessorCount;

    /// <summary>How often <see cref="Dataset.Auto"/> values are looked at; more than zero. Default 100 ms.</summary>
    public TimeSpan TuningPeriod { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What takes the elements, as <see cref="PipelineReport.Bottleneck"/> names it. Default <c>model</c>.</summary>
    public string Consumer { get; init; } = "model";
}
