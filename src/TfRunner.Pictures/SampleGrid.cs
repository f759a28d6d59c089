namespace TfRunner.Pictures;

/// <summary>The rows and columns of a picture that a resize reads: where it shrinks without antialias, few of them.</summary>
/// <param name="Height">The picture's rows.</param>
/// <param name="Width">The picture's columns.</param>
/// <param name="Rows">The rows that are read, ascending; null for all.</param>
/// <param name="Columns">The columns that are read, ascending; null for all.</param>
internal sealed record SampleGrid(int Height, int Width, int[]? Rows, int[]? Columns)
{
    public int RowCount => Rows?.Length ?? Height;

    public int ColumnCount => Columns?.Length ?? Width;
}
