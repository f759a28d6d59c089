using TfRunner.Onnx.Conversion.Rows;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Conversion.Storage;

/// <summary>How batches are split, as messages.</summary>
internal static class StoredSplits
{
    public static StoredSplit? Write(RowSplit? split)
    {
        if (split is null)
        {
            return null;
        }

        var stored = new StoredSplit { PartRows = split.PartRows, ConcurrentFrom = split.Concurrent.From, ConcurrentTo = split.Concurrent.To };
        stored.Inputs.AddRange(split.Inputs);
        foreach (var row in split.OutputRows)
        {
            var target = new StoredRow { IsKnown = row is not null };
            target.Dims.AddRange(row ?? []);
            stored.OutputRows.Add(target);
        }

        return stored;
    }

    public static RowSplit? Read(StoredSplit? stored) => stored is null
        ? null
        : new([.. stored.Inputs], [.. stored.OutputRows.Select(static r => r.IsKnown ? (IReadOnlyList<long>)[.. r.Dims] : null)], stored.PartRows, new(stored.ConcurrentFrom, stored.ConcurrentTo));
}
