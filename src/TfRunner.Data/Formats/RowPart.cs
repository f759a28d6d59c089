namespace TfRunner.Data.Formats;

/// <summary>Some of the rows of a source: from one row on, those whose distance to it modulo a count is an index. Rows that cannot be read count too, so that parts stay apart whatever fails.</summary>
/// <param name="First">The rows to pass over first, 0 or more.</param>
/// <param name="Index">The part, from 0.</param>
/// <param name="Count">How many parts there are, at least 1.</param>
public sealed record RowPart(long First, int Index, int Count)
{
    /// <summary>The position in the source of a row of the part.</summary>
    /// <param name="row">The row's number in the part, from 0.</param>
    /// <returns>Its position, from 0.</returns>
    public long Position(long row) => First + (row * Count) + Index;
}
