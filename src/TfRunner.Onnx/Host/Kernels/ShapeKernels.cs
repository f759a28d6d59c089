using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Shapes, and ops that move elements.</summary>
internal sealed class ShapeKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => call.Output(call.Tensor(0)), "Identity", "StopGradient");
        registry.Add(static call => call.Output(Integers(call, call.Tensor(0).Dimensions.ToArray(), call.Tensor(0).Rank)), "Shape");
        registry.Add(static call => call.Output(Integers(call, [call.Tensor(0).Length])), "Size");
        registry.Add(static call => call.Output(Integers(call, [call.Tensor(0).Rank])), "Rank");
        registry.Add(Reshape, "Reshape");
        registry.Add(ExpandDims, "ExpandDims");
        registry.Add(Squeeze, "Squeeze");
        registry.Add(Pack, "Pack");
        registry.Add(static call => call.Output(ArrayMovement.Transpose(call.Tensor(0), call.Ints(1))), "Transpose");
        registry.Add(ConjugateTranspose, "ConjugateTranspose");
        registry.Add(UnravelIndex, "UnravelIndex");
        registry.Add(static call => call.Output(ArrayMovement.Broadcast(call.Tensor(1), call.Ints(0))), "Fill");
        registry.Add(static call => call.Output(ArrayMovement.Broadcast(call.Tensor(0), call.Ints(1))), "BroadcastTo");
        registry.Add(static call => call.Output(ArrayMovement.Tile(call.Tensor(0), call.Ints(1))), "Tile");
        registry.Add(
            static call => call.Output(ArrayMovement.Concat([.. Enumerable.Range(0, call.InputCount - 1).Select(call.Tensor)], (int)call.Ints(call.InputCount - 1)[0])),
            "ConcatV2");
        registry.Add(static call => call.Output(TensorValue.Zeros(call.Tensor(0).DType, call.Tensor(0).Dimensions)), "ZerosLike");
        registry.Add(StridedSliceKernel.Run, "StridedSlice");
        registry.Add(StridedSliceKernel.Update, "TensorStridedSliceUpdate");
        registry.Add(StridedSliceKernel.Gradient, "StridedSliceGrad");
        registry.Add(Reverse, "ReverseV2");
    }

    private static TensorValue Integers(HostCall call, long[] values, params ReadOnlySpan<long> dims)
    {
        using var wide = TensorValue.From(values, dims);
        return ArrayCast.Cast(wide, call.OutputType());
    }

    /// <summary>ConjugateTranspose: as Transpose, and complex numbers conjugated.</summary>
    private static void ConjugateTranspose(HostCall call)
    {
        var moved = ArrayMovement.Transpose(call.Tensor(0), call.Ints(1));
        if (moved.DType is not (DType.Complex64 or DType.Complex128))
        {
            call.Output(moved);
            return;
        }

        call.Output(0, Array.ConvertAll(ArrayCast.ToComplex(moved), System.Numerics.Complex.Conjugate), moved.Dimensions);
        moved.Dispose();
    }

    /// <summary>UnravelIndex: row-major positions as an index per axis [axes, positions].</summary>
    private static void UnravelIndex(HostCall call)
    {
        var (positions, dims) = (call.Ints(0), call.Ints(1));
        var count = Strides.Count(dims);
        if (Array.Exists(positions, p => p < 0 || p >= count))
        {
            throw call.Invalid($"index is out of bound as with dims {TensorShape.Format(dims)}");
        }

        var strides = Strides.Of(dims);
        call.Output(0, [.. dims.SelectMany((d, axis) => positions.Select(p => p / strides[axis] % d))], [dims.Length, .. call.Tensor(0).Dimensions]);
    }

    private static void Reshape(HostCall call)
    {
        var x = call.Tensor(0);
        var dims = call.Ints(1);
        var open = Array.IndexOf(dims, -1);
        if (open >= 0)
        {
            dims[open] = 1;
            var rest = Strides.Count(dims);
            dims[open] = rest == 0 ? 0 : x.Length / rest;
        }

        call.Output(Strides.Count(dims) == x.Length
            ? ArrayMovement.Reshape(x, dims)
            : throw call.Node.Error(ErrorCode.InvalidArgument, $"a tensor of shape {x.Shape} cannot be reshaped to {TensorShape.Format(dims)}"));
    }

    private static void ExpandDims(HostCall call)
    {
        var x = call.Tensor(0);
        var axis = (int)call.Ints(1)[0];
        var dims = x.Dimensions.ToArray().ToList();
        dims.Insert(axis < 0 ? axis + x.Rank + 1 : axis, 1);
        call.Output(ArrayMovement.Reshape(x, dims.ToArray()));
    }

    private static void Squeeze(HostCall call)
    {
        var x = call.Tensor(0);
        var axes = call.Attributes.Ints("squeeze_dims").Select(a => a < 0 ? a + x.Rank : a).ToHashSet();
        var dims = x.Dimensions.ToArray().Where((d, i) => axes.Count == 0 ? d != 1 : !axes.Contains(i)).ToArray();
        call.Output(ArrayMovement.Reshape(x, dims));
    }

    private static void Pack(HostCall call)
    {
        var axis = (int)call.Attributes.Int("axis");
        var rank = call.Tensor(0).Rank + 1;
        axis = axis < 0 ? axis + rank : axis;
        var dims = call.Tensor(0).Dimensions.ToArray().ToList();
        dims.Insert(axis, 1);
        var parts = Enumerable.Range(0, call.InputCount).Select(i => ArrayMovement.Reshape(call.Tensor(i), dims.ToArray())).ToList();
        call.Output(ArrayMovement.Concat(parts, axis));
        parts.ForEach(static p => p.Dispose());
    }

    private static void Reverse(HostCall call)
    {
        var x = call.Tensor(0);
        var starts = new long[x.Rank];
        var steps = Enumerable.Repeat(1L, x.Rank).ToArray();
        foreach (var a in call.Ints(1))
        {
            var axis = a < 0 ? a + x.Rank : a;
            starts[axis] = x.Dimensions[(int)axis] - 1;
            steps[axis] = -1;
        }

        call.Output(ArrayMovement.Slice(x, starts, x.Dimensions, steps));
    }
}
