using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Ragged and sparse tensors made dense.</summary>
internal sealed class RaggedKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(RaggedToDense.Run, "RaggedTensorToTensor");
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
}
