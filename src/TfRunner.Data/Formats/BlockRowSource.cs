namespace TfRunner.Data.Formats;

/// <summary>Rows of a format that is read in blocks (row groups, record batches, some lines), cut to the sizes asked for.</summary>
public abstract class BlockRowSource : IRowSource
{
    private TensorValue[]? block;
    private long at;
    private TfRunnerException? failure;

    /// <inheritdoc/>
    public virtual long? RowCount => null;

    /// <inheritdoc/>
    public IReadOnlyList<string> IgnoredColumns { get; protected init; } = [];

    /// <inheritdoc/>
    public TensorValue[]? Read(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        if (failure is not null)
        {
            throw failure;
        }

        var parts = new List<TensorValue[]>();
        var rows = 0L;
        try
        {
            while (rows < maxRows && Fetch())
            {
                var take = Math.Min(maxRows - rows, block![0].Dimensions[0] - at);
                parts.Add([.. block.Select(t => TensorRows.Take(t, at, take))]);
                at += take;
                rows += take;
            }
        }
        catch (TfRunnerException e) when (rows > 0)
        {
            // What was read before the damage still counts.
            failure = e;
        }

        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => Join(parts),
        };
    }

    /// <inheritdoc/>
    public void Skip(long rows)
    {
        while (rows > 0 && Fetch())
        {
            var take = Math.Min(rows, block![0].Dimensions[0] - at);
            at += take;
            rows -= take;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Drop();
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the next block.</summary>
    /// <returns>One tensor per input with at least one row; null at the end.</returns>
    protected abstract TensorValue[]? NextBlock();

    /// <summary>Closes the file.</summary>
    protected abstract void Close();

    private bool Fetch()
    {
        while (block is null || at >= block[0].Dimensions[0])
        {
            Drop();
            block = NextBlock();
            at = 0;
            if (block is null)
            {
                return false;
            }
        }

        return true;
    }

    private void Drop()
    {
        foreach (var tensor in block ?? [])
        {
            tensor.Dispose();
        }

        block = null;
    }

    private static TensorValue[] Join(List<TensorValue[]> parts)
    {
        var joined = new TensorValue[parts[0].Length];
        for (var i = 0; i < joined.Length; i++)
        {
            var column = parts.ConvertAll(p => p[i]);
            if (column.Exists(c => !c.Dimensions[1..].SequenceEqual(column[0].Dimensions[1..])))
            {
                throw TfRunnerException.ForData(
                    ErrorCode.InvalidArgument,
                    $"rows of shape {TensorShape.Format(column[0].Dimensions[1..])} are followed by rows of another shape in the same batch",
                    "use --batch-size 1, or pad the rows to one length");
            }

            joined[i] = TensorRows.Concatenate(column);
            column.ForEach(static c => c.Dispose());
        }

        return joined;
    }
}
