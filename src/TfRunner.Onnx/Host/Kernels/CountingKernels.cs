using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Histograms of integers, and the shape that operands broadcast to.</summary>
internal sealed class CountingKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Bincount, "DenseBincount", "Bincount");
        registry.Add(RaggedBincount, "RaggedBincount");
        registry.Add(SparseBincount, "SparseBincount");
        registry.Add(CountRagged, "RaggedCountSparseOutput");
        registry.Add(CountDense, "DenseCountSparseOutput");
        registry.Add(CountSparse, "SparseCountSparseOutput");
        registry.Add(BroadcastArgs, "BroadcastArgs");
    }

    /// <summary>
    /// DenseBincount: how often, or with which sum of weights, each of 0 to size - 1 occurs; row by row for a matrix. Larger
    /// values are left out, binary_output gives 1 for any number of occurrences. Bincount: the same for all elements at once.
    /// </summary>
    private static void Bincount(HostCall call)
    {
        var x = call.Tensor(0);
        var size = call.Ints(1)[0];
        var weights = call.Tensor(2).Length == 0 ? null : ArrayCast.ToDoubles(call.Tensor(2));
        var isBinary = call.Attributes.Bool("binary_output");
        var hasRows = call.Op == "DenseBincount" && x.Rank == 2;
        var rows = hasRows ? x.Dimensions[0] : 1;
        var columns = hasRows ? x.Dimensions[1] : x.Length;
        var counts = new double[rows * size];
        var values = ArrayCast.ToLongs(x);
        for (var i = 0L; i < values.Length; i++)
        {
            if (values[i] < 0)
            {
                throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"element {i} is {values[i]}, and only numbers from 0 are counted"));
            }

            if (values[i] < size)
            {
                var at = ((hasRows ? i / columns : 0) * size) + values[i];
                counts[at] = isBinary ? 1 : counts[at] + (weights?[i] ?? 1);
            }
        }

        long[] dims = hasRows ? [rows, size] : [size];
        using var wide = TensorValue.From(counts, dims);
        call.Output(ArrayCast.Cast(wide, call.OutputType()));
    }

    /// <summary>BroadcastArgs: the shape that two shapes broadcast to.</summary>
    private static void BroadcastArgs(HostCall call)
    {
        var dims = Strides.Broadcast2(call.Ints(0), call.Ints(1));
        using var wide = TensorValue.From(dims, dims.Length);
        call.Output(ArrayCast.Cast(wide, call.OutputType()));
    }

    /// <summary>RaggedBincount: row_splits, values, size, weights: a row of counts per ragged row.</summary>
    private static void RaggedBincount(HostCall call)
    {
        var splits = call.Ints(0);
        var rows = splits.Length - 1;
        var owner = Enumerable.Range(0, rows).SelectMany(r => Enumerable.Repeat((long)r, (int)(splits[r + 1] - splits[r]))).ToArray();
        CountRows(call, owner, call.Ints(1), call.Int(2), call.Doubles(3), rows);
    }

    /// <summary>SparseBincount: indices, values, dense_shape, size, weights; a vector counts as one row.</summary>
    private static void SparseBincount(HostCall call)
    {
        var indices = call.Ints(0);
        var shape = call.Ints(2);
        var values = call.Ints(1);
        var owner = values.Select((_, i) => shape.Length == 1 ? 0 : indices[i * shape.Length]).ToArray();
        CountRows(call, owner, values, call.Int(3), call.Doubles(4), shape.Length == 1 ? -1 : shape[0]);
    }

    private static void CountRows(HostCall call, long[] owner, long[] values, long size, double[] weights, long rows)
    {
        var counts = new double[Math.Max(1, Math.Abs(rows)) * size];
        var isBinary = call.Attributes.Bool("binary_output");
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < 0)
            {
                throw call.Invalid("only numbers from 0 are counted");
            }

            if (values[i] < size)
            {
                ref var cell = ref counts[(owner[i] * size) + values[i]];
                cell = isBinary ? 1 : cell + (weights.Length > 0 ? weights[i] : 1);
            }
        }

        if (rows < 0)
        {
            call.Output(0, counts, size);
            return;
        }

        call.Output(0, counts[..(int)(rows * size)], rows, size);
    }

    private static void CountRagged(HostCall call)
    {
        var splits = call.Ints(0);
        var owner = Enumerable.Range(0, splits.Length - 1).SelectMany(r => Enumerable.Repeat((long)r, (int)(splits[r + 1] - splits[r]))).ToArray();
        CountSparsely(call, owner, call.Ints(1), call.Doubles(2), splits.Length - 1);
    }

    private static void CountDense(HostCall call)
    {
        var x = call.Tensor(0);
        var columns = x.Rank == 2 ? x.Dimensions[1] : x.Length;
        var values = call.Ints(0);
        CountSparsely(call, [.. values.Select((_, i) => columns == 0 ? 0 : i / columns)], values, call.Doubles(1), x.Rank == 2 ? x.Dimensions[0] : -1);
    }

    private static void CountSparse(HostCall call)
    {
        var indices = call.Ints(0);
        var shape = call.Ints(2);
        var values = call.Ints(1);
        CountSparsely(call, [.. values.Select((_, i) => shape.Length == 1 ? 0 : indices[i * shape.Length])], values, call.Doubles(3), shape.Length == 1 ? -1 : shape[0]);
    }

    /// <summary>Counts as a sparse tensor: the values that occur, in order, per row; minlength and maxlength bound the columns. Negative rows: a vector.</summary>
    private static void CountSparsely(HostCall call, long[] owner, long[] values, double[] weights, long rows)
    {
        var (least, most) = (call.Attributes.Int("minlength", -1), call.Attributes.Int("maxlength", -1));
        var isBinary = call.Attributes.Bool("binary_output");
        var counts = new SortedDictionary<(long Row, long Value), double>();
        var widest = -1L;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < 0)
            {
                throw call.Invalid("Input values must all be non-negative");
            }

            if (most < 0 || values[i] < most)
            {
                var key = (owner[i], values[i]);
                counts[key] = isBinary ? 1 : counts.GetValueOrDefault(key) + (weights.Length > 0 ? weights[i] : 1);
                widest = Math.Max(widest, values[i]);
            }
        }

        var columns = most >= 0 ? most : Math.Max(least, widest + 1);
        var rank = rows < 0 ? 1 : 2;
        call.Output(0, counts.Keys.SelectMany(k => rank == 1 ? (long[])[k.Value] : [k.Row, k.Value]).ToArray(), counts.Count, rank);
        call.Output(1, counts.Values.ToArray(), counts.Count);
        call.Output(2, rank == 1 ? (long[])[columns] : [rows, columns], rank);
    }
}
