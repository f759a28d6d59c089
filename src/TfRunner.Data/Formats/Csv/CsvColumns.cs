using System.Globalization;

namespace TfRunner.Data.Formats.Csv;

/// <summary>Which columns of a table feed which elements of one input.</summary>
/// <param name="Input">The input.</param>
/// <param name="RowShape">The dimensions of one row of it.</param>
/// <param name="Columns">The column of each element, row-major.</param>
internal sealed record CsvColumns(TensorSpec Input, long[] RowShape, int[] Columns)
{
    /// <summary>Finds the columns of an input by the header: <c>name</c> for one value a row, <c>name[0]</c> to <c>name[k]</c> for more.</summary>
    /// <param name="input">The input.</param>
    /// <param name="header">The column names in order.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="defaults">What stands in for columns that are not there.</param>
    /// <returns>The columns; none where a default stands in for all of them.</returns>
    /// <exception cref="TfRunnerException">NotFound when a column is missing; InvalidArgument when the input cannot come from columns.</exception>
    public static CsvColumns Match(TensorSpec input, IReadOnlyList<string> header, string path, ColumnDefaults defaults)
    {
        var single = IndexOf(header, input.Name);
        if (single >= 0)
        {
            return new(input, RowShapeFor(input, 1, path), [single]);
        }

        var numbered = new List<int>();
        for (var k = 0; IndexOf(header, string.Create(CultureInfo.InvariantCulture, $"{input.Name}[{k}]")) is >= 0 and var column; k++)
        {
            numbered.Add(column);
        }

        if (numbered.Count == 0 && defaults.Rows(input, 1) is { } standIn)
        {
            using (standIn)
            {
                return new(input, standIn.Dimensions[1..].ToArray(), []);
            }
        }

        return numbered.Count > 0
            ? new(input, RowShapeFor(input, numbered.Count, path), [.. numbered])
            : throw TfRunnerException.ForData(
                ErrorCode.NotFound,
                $"{path} has no column '{input.Name}' (input {input})",
                $"its columns are: {string.Join(", ", header.Take(20))}{(header.Count > 20 ? ", ..." : string.Empty)}");
    }

    private static int IndexOf(IReadOnlyList<string> header, string name)
    {
        for (var i = 0; i < header.Count; i++)
        {
            if (string.Equals(header[i].Trim(), name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    internal static long[] RowShapeFor(TensorSpec input, int count, string path)
    {
        if (!input.Shape.IsRankKnown)
        {
            return count == 1 ? [] : [count];
        }

        if (input.Shape.Rank == 0)
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"input '{input.Name}' is one value for the whole call, not one per row of {path}", $"bind it alone: --input {input.Name}=FILE");
        }

        var shape = input.Shape.Dimensions[1..].ToArray();
        var unknown = shape.Count(static d => d < 0);
        var known = 1L;
        foreach (var d in shape)
        {
            known *= Math.Max(d, 1);
        }

        if (unknown == 1 && known > 0 && count % known == 0)
        {
            shape[Array.IndexOf(shape, -1L)] = count / known;
        }

        return unknown <= 1 && shape.Aggregate(1L, static (a, b) => a * b) == count
            ? shape
            : throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                $"input {input} needs {(unknown > 0 ? $"a multiple of {known}" : known)} values a row, {path} has {count} column{(count == 1 ? string.Empty : "s")} for it");
    }
}
