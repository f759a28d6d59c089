namespace TfRunner.Data.Formats;

/// <summary>
/// Gathers rows into groups for formats that are written in groups. Where a group ends depends on the rows alone, not on how
/// many came at a time, so that the same rows always make the same file; and a group stays small enough for memory.
/// </summary>
/// <param name="write">Takes one group: a tensor per column.</param>
internal sealed class RowGroups(Action<TensorValue[]> write) : IDisposable
{
    private const long MostRows = 1 << 16;
    private const long MostBytes = 1 << 26;

    private readonly List<TensorValue[]> held = [];
    private TensorValue[]? none;
    private bool isWritten;
    private long rows;
    private long bytes;

    /// <summary>Adds rows.</summary>
    /// <param name="columns">One tensor per column with the rows along the first dimension; stay the caller's.</param>
    public void Add(IReadOnlyList<TensorValue> columns)
    {
        var count = columns[0].Dimensions[0];
        if (count == 0)
        {
            none ??= [.. columns.Select(static c => TensorRows.Take(c, 0, 0))];
        }

        var first = 0L;
        for (var row = 0L; row < count; row++)
        {
            rows++;
            bytes += columns.Sum(c => Bytes(c, row, count));
            if (rows >= MostRows || bytes >= MostBytes)
            {
                Hold(first, row + 1 - first);
                first = row + 1;
                Flush();
            }
        }

        Hold(first, count - first);

        void Hold(long from, long length)
        {
            if (length > 0)
            {
                held.Add([.. columns.Select(c => TensorRows.Take(c, from, length))]);
            }
        }
    }

    /// <summary>Writes what is left: a group of no rows, which says what the columns are, where there never were any.</summary>
    public void Flush()
    {
        if (held.Count == 0 && !isWritten && none is not null)
        {
            isWritten = true;
            write(none);
        }
        else if (held.Count > 0)
        {
            isWritten = true;
            var group = Enumerable.Range(0, held[0].Length).Select(i => TensorRows.Concatenate(held.ConvertAll(h => h[i]))).ToArray();
            Drop();
            write(group);
            Array.ForEach(group, static t => t.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Drop();
        Array.ForEach(none ?? [], static t => t.Dispose());
        none = null;
    }

    private static long Bytes(TensorValue column, long row, long count)
    {
        if (!column.IsString)
        {
            return column.ByteLength / count;
        }

        var width = column.Length / count;
        var sum = 0L;
        for (var i = row * width; i < (row + 1) * width; i++)
        {
            sum += column.Strings[i].Length;
        }

        return sum;
    }

    private void Drop()
    {
        held.ForEach(static h => Array.ForEach(h, static t => t.Dispose()));
        held.Clear();
        (rows, bytes) = (0, 0);
    }
}
