using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Formats;

/// <summary>How rows are read, whatever the format.</summary>
public sealed record RowReading
{
    /// <summary>What stands in for missing columns and values. Default: nothing, they are errors.</summary>
    public ColumnDefaults Defaults { get; init; } = ColumnDefaults.None;

    /// <summary>How the source's own stages are run.</summary>
    public PipelineOptions Pipeline { get; init; } = new();

    /// <summary>Which rows; null reads all.</summary>
    public RowPart? Part { get; init; }
}
