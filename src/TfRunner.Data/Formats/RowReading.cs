using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Formats;

/// <summary>How rows are read, whatever the format.</summary>
public sealed record RowReading
{
    /// <summary>What stands in for missing columns and values. Default: nothing, they are errors.</summary>
    public ColumnDefaults Defaults { get; init; } = ColumnDefaults.None;

    /// <summary>How the source's own stages are run.</summary>
    public PipelineOptions Pipeline { get; init; } = new();

    /// <summary>Told, before the first row, which files of a directory of pictures are left out since they are none.</summary>
    public Action<string, IReadOnlyList<string>>? OnLeftOut { get; init; }

    /// <summary>Which rows; null reads all.</summary>
    public RowPart? Part { get; init; }
}
