using TfRunner.Data.Formats;

namespace TfRunner.Cli.Prediction;

/// <summary>The rows of a source that belong to one part.</summary>
internal sealed class ShardedRowSource(IRowSource source, Shard shard) : IRowSource, ISkippingSource
{
    // Rows read at a time, of which one in Count is kept.
    private const int MostRead = 1 << 14;
    private long position;

    public long? RowCount => source.RowCount is { } n ? (n - shard.Index + shard.Count - 1) / shard.Count : null;

    public IReadOnlyList<string> IgnoredColumns => source.IgnoredColumns;

    public bool CanGoOn => source is ISkippingSource { CanGoOn: true };

    public TensorValue[]? Read(int maxRows)
    {
        while (source.Read((int)Math.Clamp((long)maxRows * shard.Count, 1, Math.Max(MostRead, maxRows))) is { } chunk)
        {
            var rows = chunk.First(static c => c.Rank > 0).Dimensions[0];
            var kept = Enumerable.Range(0, (int)rows).Where(i => (position + i) % shard.Count == shard.Index).ToList();
            position += rows;
            if (kept.Count > 0)
            {
                var part = chunk.Select(c => Choose(c, rows, kept)).ToArray();
                Array.ForEach(chunk, static c => c.Dispose());
                return part;
            }

            Array.ForEach(chunk, static c => c.Dispose());
        }

        return null;
    }

    public void Skip(long rows)
    {
        while (rows > 0 && Read((int)Math.Min(rows, MostRead)) is { } chunk)
        {
            rows -= chunk.First(static c => c.Rank > 0).Dimensions[0];
            Array.ForEach(chunk, static c => c.Dispose());
        }
    }

    public void Dispose() => source.Dispose();

    private static TensorValue Choose(TensorValue tensor, long rows, List<int> kept)
    {
        if (tensor.Rank == 0 || tensor.Dimensions[0] != rows)
        {
            return tensor.Clone();
        }

        var part = TensorValue.Allocate(tensor.DType, [kept.Count, .. tensor.Dimensions[1..]]);
        for (var i = 0; i < kept.Count; i++)
        {
            part.CopyRows(tensor, kept[i], i, 1);
        }

        return part;
    }
}
