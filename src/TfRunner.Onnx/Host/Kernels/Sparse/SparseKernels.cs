using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Sparse;

/// <summary>Sparse tensors: a matrix of indices, one row per value in row-major order, the values, and the dense shape.</summary>
internal sealed class SparseKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Multiply, "SparseTensorDenseMatMul");
        registry.Add(Reshape, "SparseReshape");
        registry.Add(FillEmptyRows, "SparseFillEmptyRows");
        registry.Add(Reorder, "SparseReorder");
        registry.Add(Concat, "SparseConcat");
        registry.Add(Slice, "SparseSlice");
        registry.Add(Softmax, "SparseSoftmax");
        registry.Add(static call => Dense(call, static (a, b) => a * b), "SparseDenseCwiseMul");
        registry.Add(static call => Dense(call, static (a, b) => a / b), "SparseDenseCwiseDiv");
        registry.Add(static call => Dense(call, static (a, b) => a + b), "SparseDenseCwiseAdd");
        registry.Add(AddDense, "SparseTensorDenseAdd");
        registry.Add(Add, "SparseAdd");
        registry.Add(Maximum, "SparseReduceMax");
        registry.Add(static call => Cells(call, Math.Max), "SparseSparseMaximum");
        registry.Add(static call => Cells(call, Math.Min), "SparseSparseMinimum");
    }

    private static long Position(ReadOnlySpan<long> index, long[] strides)
    {
        var position = 0L;
        for (var axis = 0; axis < index.Length; axis++)
        {
            position += index[axis] * strides[axis];
        }

        return position;
    }

    /// <summary>SparseTensorDenseMatMul: a sparse matrix by a dense one, each transposed first where adjoint_a or adjoint_b says so.</summary>
    private static void Multiply(HostCall call)
    {
        var indices = call.Ints(0);
        var values = call.Complexes(1);
        var shape = call.Ints(2);
        var (a, b) = (call.Attributes.Bool("adjoint_a"), call.Attributes.Bool("adjoint_b"));
        var dense = call.Complexes(3);
        var d = call.Tensor(3).Dimensions;
        var (rows, columns) = (a ? shape[1] : shape[0], b ? d[0] : d[1]);
        var result = new System.Numerics.Complex[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, inner) = a ? (indices[(2 * i) + 1], indices[2 * i]) : (indices[2 * i], indices[(2 * i) + 1]);
            var value = a ? System.Numerics.Complex.Conjugate(values[i]) : values[i];
            for (var j = 0L; j < columns; j++)
            {
                result[(row * columns) + j] += value * (b ? System.Numerics.Complex.Conjugate(dense[(j * d[1]) + inner]) : dense[(inner * d[1]) + j]);
            }
        }

        if (call.OutputType() is DType.Complex64 or DType.Complex128)
        {
            call.Output(0, result, rows, columns);
            return;
        }

        call.Output(0, Array.ConvertAll(result, static z => z.Real), rows, columns);
    }

    private static void Reshape(HostCall call)
    {
        var indices = call.Ints(0);
        var from = call.Ints(1);
        var to = call.Ints(2);
        if (Array.IndexOf(to, -1) is var open and >= 0)
        {
            to[open] = 1;
            to[open] = Strides.Count(to) == 0 ? 0 : Strides.Count(from) / Strides.Count(to);
        }

        if (Strides.Count(to) != Strides.Count(from))
        {
            throw call.Invalid($"a sparse tensor of shape {TensorShape.Format(from)} cannot be reshaped to {TensorShape.Format(to)}");
        }

        var (own, next) = (Strides.Of(from), Strides.Of(to));
        var count = call.Tensor(0).Dimensions[0];
        var result = new long[count * to.Length];
        for (var i = 0; i < count; i++)
        {
            var position = Position(indices.AsSpan(i * from.Length, from.Length), own);
            for (var axis = 0; axis < to.Length; axis++)
            {
                result[(i * to.Length) + axis] = position / next[axis] % to[axis];
            }
        }

        call.Output(0, result, count, to.Length);
        call.Output(1, to, to.Length);
    }

    /// <summary>SparseFillEmptyRows: rows without a value get the default at column 0; also which rows, and where each given value went.</summary>
    private static void FillEmptyRows(HostCall call)
    {
        var indices = call.Ints(0);
        var values = call.Tensor(1);
        var shape = call.Ints(2);
        var rank = shape.Length;
        var byRow = Enumerable.Range(0, (int)values.Length).ToLookup(i => indices[i * rank]);
        var empty = new bool[shape[0]];
        var reverse = new long[values.Length];
        var filled = new List<long>();
        var sources = new List<long>();
        for (var row = 0L; row < shape[0]; row++)
        {
            empty[row] = !byRow.Contains(row);
            if (empty[row])
            {
                filled.AddRange([row, .. new long[rank - 1]]);
                sources.Add(-1);
            }

            foreach (var i in byRow[row])
            {
                reverse[i] = sources.Count;
                filled.AddRange(indices.AsSpan(i * rank, rank));
                sources.Add(i);
            }
        }

        var result = TensorValue.Zeros(values.DType, sources.Count);
        for (var i = 0; i < sources.Count; i++)
        {
            ArrayMovement.CopyElements(sources[i] < 0 ? call.Tensor(3) : values, Math.Max(0, sources[i]), result, i, 1);
        }

        call.Output(0, filled.ToArray(), sources.Count, rank);
        call.Output(1, result);
        call.Output(2, TensorValue.From(empty, empty.Length));
        call.Output(3, reverse, reverse.Length);
    }

    /// <summary>Writes indices and values in row-major order of their positions.</summary>
    private static void Write(HostCall call, IEnumerable<(long[] Index, TensorValue Source, long At)> cells, DType dtype, int rank)
    {
        var ordered = cells.OrderBy(static c => c.Index, Comparer<long[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))).ToList();
        var result = TensorValue.Zeros(dtype, ordered.Count);
        for (var i = 0; i < ordered.Count; i++)
        {
            ArrayMovement.CopyElements(ordered[i].Source, ordered[i].At, result, i, 1);
        }

        call.Output(0, ordered.SelectMany(static c => c.Index).ToArray(), ordered.Count, rank);
        call.Output(1, result);
    }

    private static IEnumerable<(long[] Index, TensorValue Source, long At)> Read(HostCall call, int indices, int values)
    {
        var all = call.Ints(indices);
        var rank = (int)call.Tensor(indices).Dimensions[1];
        var source = call.Tensor(values);
        return Enumerable.Range(0, (int)source.Length).Select(i => (all.AsSpan(i * rank, rank).ToArray(), source, (long)i));
    }

    private static void Reorder(HostCall call) => Write(call, Read(call, 0, 1), call.Tensor(1).DType, call.Ints(2).Length);

    /// <summary>SparseConcat: n times indices, n times values, n times shapes.</summary>
    private static void Concat(HostCall call)
    {
        var n = call.InputCount / 3;
        var shape = call.Ints(2 * n);
        var axis = (int)call.Attributes.Int("concat_dim");
        axis = axis < 0 ? axis + shape.Length : axis;
        var cells = new List<(long[] Index, TensorValue Source, long At)>();
        var offset = 0L;
        for (var part = 0; part < n; part++)
        {
            foreach (var cell in Read(call, part, n + part))
            {
                cell.Index[axis] += offset;
                cells.Add(cell);
            }

            offset += call.Ints((2 * n) + part)[axis];
        }

        shape[axis] = offset;
        Write(call, cells, call.Tensor(n).DType, shape.Length);
        call.Output(2, shape, shape.Length);
    }

    private static void Slice(HostCall call)
    {
        var (shape, start, size) = (call.Ints(2), call.Ints(3), call.Ints(4));
        var cells = Read(call, 0, 1).Where(c => !c.Index.Where((v, axis) => v < start[axis] || v >= start[axis] + size[axis]).Any())
            .Select(c => (c.Index.Zip(start, static (v, s) => v - s).ToArray(), c.Source, c.At));
        Write(call, cells, call.Tensor(1).DType, shape.Length);
        var result = shape.Select((d, axis) => Math.Max(0, Math.Min(size[axis], d - start[axis]))).ToArray();
        call.Output(2, result, result.Length);
    }

    /// <summary>The values in groups that agree in all but the last index.</summary>
    private static IEnumerable<IGrouping<long, int>> Rows(HostCall call)
    {
        var indices = call.Ints(0);
        var strides = Strides.Of(call.Ints(2));
        var rank = strides.Length;
        return Enumerable.Range(0, (int)call.Tensor(1).Length).GroupBy(i => Position(indices.AsSpan(i * rank, rank - 1), strides));
    }

    private static void Softmax(HostCall call)
    {
        var values = call.Doubles(1);
        foreach (var row in Rows(call))
        {
            var most = row.Max(i => values[i]);
            var sum = row.Sum(i => Math.Exp(values[i] - most));
            foreach (var i in row)
            {
                values[i] = Math.Exp(values[i] - most) / sum;
            }
        }

        call.Output(0, values, values.Length);
    }

    /// <summary>SparseDenseCwiseMul and the like: each value with the dense operand, which broadcasts, at its place.</summary>
    private static void Dense(HostCall call, Func<double, double, double> function)
    {
        var indices = call.Ints(0);
        var values = call.Doubles(1);
        var shape = call.Ints(2);
        var dense = call.Doubles(3);
        var strides = Strides.Broadcast(call.Tensor(3).Dimensions, shape);
        call.Output(0, [.. values.Select((v, i) => function(v, dense[Position(indices.AsSpan(i * shape.Length, shape.Length), strides)]))], values.Length);
    }

    private static void AddDense(HostCall call)
    {
        var indices = call.Ints(0);
        var values = call.Complexes(1);
        var sums = call.Complexes(3);
        var dims = call.Tensor(3).Dimensions;
        var strides = Strides.Of(dims);
        for (var i = 0; i < values.Length; i++)
        {
            sums[Position(indices.AsSpan(i * strides.Length, strides.Length), strides)] += values[i];
        }

        call.Output(0, Array.ConvertAll(sums, static z => z.Real), dims);
    }

    /// <summary>SparseAdd: sums whose magnitude is below thresh are left out.</summary>
    private static void Add(HostCall call)
    {
        var least = call.Doubles(6)[0];
        Merge(call, 0, 1, 3, 4, static (a, b) => a + b, v => Math.Abs(v) >= least);
        var shape = call.Ints(2);
        call.Output(2, shape, shape.Length);
    }

    /// <summary>SparseSparseMaximum, SparseSparseMinimum: where one operand has no value it counts as 0.</summary>
    private static void Cells(HostCall call, Func<double, double, double> function) => Merge(call, 0, 1, 3, 4, function, static _ => true);

    private static void Merge(HostCall call, int firstIndices, int firstValues, int secondIndices, int secondValues, Func<double, double, double> function, Func<double, bool> keeps)
    {
        var rank = (int)call.Tensor(firstIndices).Dimensions[1];
        var found = new SortedDictionary<long[], (double A, double B)>(Comparer<long[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
        var (first, second) = (call.Doubles(firstValues), call.Doubles(secondValues));
        foreach (var (index, _, at) in Read(call, firstIndices, firstValues))
        {
            found[index] = (first[at], 0);
        }

        foreach (var (index, _, at) in Read(call, secondIndices, secondValues))
        {
            found[index] = (found.GetValueOrDefault(index).A, second[at]);
        }

        var kept = found.Select(f => (f.Key, Value: function(f.Value.A, f.Value.B))).Where(f => keeps(f.Value)).ToList();
        call.Output(0, kept.SelectMany(static k => k.Key).ToArray(), kept.Count, rank);
        call.Output(1, [.. kept.Select(static k => k.Value)], kept.Count);
    }

    /// <summary>SparseReduceMax: the largest value along axes; what has none is 0.</summary>
    private static void Maximum(HostCall call)
    {
        var indices = call.Ints(0);
        var values = call.Doubles(1);
        var shape = call.Ints(2);
        var rank = shape.Length;
        var given = call.Ints(3);
        var folded = given.Length == 0 ? [.. Enumerable.Range(0, rank).Select(static i => (long)i)] : given.Select(a => a < 0 ? a + rank : a).ToHashSet();
        var kept = shape.Select((d, i) => folded.Contains(i) ? 1 : d).ToArray();
        var strides = Strides.Of(kept).Select((s, i) => folded.Contains(i) ? 0 : s).ToArray();
        var best = new double?[Strides.Count(kept)];
        for (var i = 0; i < values.Length; i++)
        {
            ref var cell = ref best[Position(indices.AsSpan(i * rank, rank), strides)];
            cell = cell is { } known ? Math.Max(known, values[i]) : values[i];
        }

        var dims = call.Attributes.Bool("keep_dims") ? kept : [.. kept.Where((_, i) => !folded.Contains(i))];
        call.Output(0, Array.ConvertAll(best, static b => b ?? 0), dims);
    }
}
