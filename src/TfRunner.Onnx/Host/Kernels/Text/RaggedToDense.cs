using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>
/// RaggedTensorToTensor: rows of different lengths, cut or padded with the default to a shape of which -1 takes the longest.
/// Partitions are FIRST_DIM_SIZE (a scalar), VALUE_ROWIDS or ROW_SPLITS, outermost first. Source: the op's documentation.
/// </summary>
internal static class RaggedToDense
{
    public static void Run(HostCall call)
    {
        var asked = call.Ints(0);
        var values = call.Tensor(1);
        var otherwise = call.Tensor(2);
        var types = call.Attributes.Texts("row_partition_types");
        var lengths = new List<long[]>();
        var first = 0;
        var rows = -1L;
        if (types[0] == "FIRST_DIM_SIZE")
        {
            rows = call.Ints(3)[0];
            first = 1;
        }

        // The lengths of the rows at each ragged level.
        for (var i = first; i < types.Length; i++)
        {
            var partition = call.Ints(3 + i);
            var parents = lengths.Count == 0 ? rows : lengths[^1].Sum();
            lengths.Add(types[i] == "ROW_SPLITS" ? FromSplits(partition) : FromRowIds(partition, parents));
            rows = rows < 0 ? lengths[^1].Length : rows;
        }

        var rank = lengths.Count + 1;
        var inner = values.Dimensions[1..].ToArray();
        var dims = new long[rank + inner.Length];
        for (var i = 0; i < dims.Length; i++)
        {
            var natural = i == 0 ? rows : i < rank ? (lengths[i - 1].Length == 0 ? 0 : lengths[i - 1].Max()) : inner[i - rank];
            dims[i] = i < asked.Length && asked[i] >= 0 ? asked[i] : natural;
        }

        var result = ArrayMovement.Broadcast(otherwise, dims);
        var run = Strides.Count(inner);
        var strides = Strides.Of(dims);
        var cursor = new long[rank];
        Fill(0, rows, 0, isInside: true);
        call.Output(result);

        void Fill(int level, long count, long target, bool isInside)
        {
            for (var i = 0L; i < count; i++)
            {
                var isKept = isInside && i < dims[level];
                var at = target + (i * strides[level]);
                if (level == rank - 1)
                {
                    if (isKept)
                    {
                        ArrayMovement.CopyElements(values, cursor[level] * run, result, at, run);
                    }

                    cursor[level]++;
                }
                else
                {
                    Fill(level + 1, lengths[level][cursor[level]++], at, isKept);
                }
            }
        }
    }

    private static long[] FromSplits(long[] splits) => [.. Enumerable.Range(0, Math.Max(0, splits.Length - 1)).Select(i => splits[i + 1] - splits[i])];

    private static long[] FromRowIds(long[] ids, long rows)
    {
        var lengths = new long[Math.Max(rows, ids.Length == 0 ? 0 : ids[^1] + 1)];
        foreach (var id in ids)
        {
            lengths[id]++;
        }

        return lengths;
    }
}
