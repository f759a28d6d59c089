using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Ragged and sparse tensors made dense.</summary>
internal sealed class RaggedKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(RaggedToDense.Run, "RaggedTensorToTensor");
        registry.Add(Range, "RaggedRange");
        registry.Add(Gather, "RaggedGather");
        registry.Add(ToSparse, "RaggedTensorToSparse");
        registry.Add(SparseReduceSum, "SparseReduceSum");
        registry.Add(SparseToDense, "SparseToDense");
    }

    /// <summary>SparseReduceSum: sums over axes of a sparse tensor; no axes means all.</summary>
    private static void SparseReduceSum(HostCall call)
    {
        var indices = call.Ints(0);
        var shape = call.Ints(2);
        var rank = shape.Length;
        var reduced = call.Ints(3).Select(a => a < 0 ? a + rank : a).ToHashSet();
        var keep = call.Attributes.Bool("keep_dims");
        var isAll = reduced.Count == 0;
        var dims = shape.Select((d, i) => isAll || reduced.Contains(i) ? 1 : d).ToArray();
        var strides = Strides.Of(dims);
        var values = call.Tensor(1);
        var sums = new double[Strides.Count(dims)];
        var numbers = ArrayCast.ToDoubles(values);
        for (var i = 0; i < numbers.Length; i++)
        {
            var position = 0L;
            for (var axis = 0; axis < rank; axis++)
            {
                position += dims[axis] == 1 ? 0 : indices[(i * rank) + axis] * strides[axis];
            }

            sums[position] += numbers[i];
        }

        var kept = keep ? dims : dims.Where((_, i) => !isAll && !reduced.Contains(i)).ToArray();
        using var wide = TensorValue.From(sums, kept);
        call.Output(ArrayCast.Cast(wide, values.DType));
    }

    /// <summary>SparseToDense: indices (scalar, vector or matrix), shape, values (one, or one per index), default.</summary>
    private static void SparseToDense(HostCall call)
    {
        var dims = call.Ints(1);
        var indices = call.Ints(0);
        var values = call.Tensor(2);
        var result = ArrayMovement.Broadcast(call.Tensor(3), dims);
        var strides = Strides.Of(dims);
        var count = dims.Length == 0 ? 0 : indices.Length / dims.Length;
        for (var i = 0; i < count; i++)
        {
            var position = 0L;
            for (var axis = 0; axis < dims.Length; axis++)
            {
                position += indices[(i * dims.Length) + axis] * strides[axis];
            }

            ArrayMovement.CopyElements(values, values.Rank == 0 ? 0 : i, result, position, 1);
        }

        call.Output(result);
    }

    /// <summary>RaggedRange: starts, limits and deltas, of which scalars are repeated: row splits and the numbers.</summary>
    private static void Range(HostCall call)
    {
        var parts = Enumerable.Range(0, 3).Select(call.Doubles).ToArray();
        var rows = Enumerable.Range(0, 3).Where(i => call.Tensor(i).Rank > 0).Select(i => parts[i].Length).DefaultIfEmpty(1).First();
        var values = new List<double>();
        var splits = new List<long> { 0 };
        for (var row = 0; row < rows; row++)
        {
            double Part(int i) => parts[i][call.Tensor(i).Rank == 0 ? 0 : row];
            var (start, limit, delta) = (Part(0), Part(1), Part(2));
            if (delta == 0)
            {
                throw call.Invalid("Requires delta != 0");
            }

            var count = (long)Math.Max(0, Math.Ceiling((limit - start) / delta));
            for (var i = 0; i < count; i++)
            {
                values.Add(start + (i * delta));
            }

            splits.Add(values.Count);
        }

        call.Output(0, splits.ToArray(), splits.Count);
        call.Output(1, values.ToArray(), values.Count);
    }

    /// <summary>RaggedGather: row splits of each level, the inner values, indices into the outermost level: splits and values of the rows taken.</summary>
    private static void Gather(HostCall call)
    {
        var levels = (int)call.Attributes.Int("PARAMS_RAGGED_RANK", call.InputCount - 2);
        var values = call.Tensor(levels);
        var indices = call.Tensor(levels + 1);
        var chosen = call.Ints(levels + 1).Select(static i => (From: i, To: i + 1)).ToList();

        // Indices of more than one dimension give a regular level per further dimension.
        var output = 0;
        for (var axis = 0; axis < indices.Rank - 1; axis++)
        {
            var rows = Strides.Count(indices.Dimensions[..(axis + 1)]);
            var width = indices.Dimensions[axis + 1];
            call.Output(output++, [.. Enumerable.Range(0, (int)rows + 1).Select(i => i * width)], rows + 1);
        }

        for (var level = 0; level < levels; level++)
        {
            var splits = call.Ints(level);
            if (level == 0 && chosen.Exists(c => c.From < 0 || c.From >= splits.Length - 1))
            {
                throw call.Invalid("indices are out of range");
            }

            var result = new List<long> { 0 };
            var next = new List<(long From, long To)>();
            foreach (var (from, to) in chosen)
            {
                for (var i = from; i < to; i++)
                {
                    result.Add(result[^1] + splits[i + 1] - splits[i]);
                }

                next.Add((splits[from], splits[to]));
            }

            call.Output(output++, result.ToArray(), result.Count);
            chosen = next;
        }

        var places = chosen.SelectMany(static c => Enumerable.Range(0, (int)(c.To - c.From)).Select(i => c.From + i)).ToArray();
        using var rowsTaken = TensorValue.From(places, places.Length);
        call.Output(output, ArrayMovement.Gather(values, rowsTaken, 0));
    }

    /// <summary>RaggedTensorToSparse: row splits of each level and the values, as indices, values and the bounding shape.</summary>
    private static void ToSparse(HostCall call)
    {
        var levels = call.InputCount - 1;
        var values = call.Tensor(levels);
        var inner = values.Dimensions[1..].ToArray();
        var rank = levels + 1 + inner.Length;
        var shape = new long[rank];
        var indices = new List<long[]> { Array.Empty<long>() };
        for (var level = 0; level < levels; level++)
        {
            var splits = call.Ints(level);
            if (level == 0)
            {
                shape[0] = splits.Length - 1;
                indices = [.. Enumerable.Range(0, splits.Length - 1).Select(static i => (long[])[i])];
            }

            var next = new List<long[]>();
            for (var i = 0; i + 1 < splits.Length; i++)
            {
                var length = splits[i + 1] - splits[i];
                shape[level + 1] = Math.Max(shape[level + 1], length);
                for (var j = 0L; j < length; j++)
                {
                    next.Add([.. indices[i], j]);
                }
            }

            indices = next;
        }

        inner.CopyTo(shape, levels + 1);
        var run = Strides.Count(inner);
        var strides = Strides.Of(inner);
        var all = indices.SelectMany(row => Enumerable.Range(0, (int)run).SelectMany(p => row.Concat(inner.Select((d, axis) => p / strides[axis] % d)))).ToArray();
        call.Output(0, all, values.Length, rank);
        call.Output(1, ArrayMovement.Reshape(values, [values.Length]));
        call.Output(2, shape, rank);
    }
}
