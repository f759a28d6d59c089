using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Inference;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Folding;

/// <summary>Computes ONNX nodes whose operands are constant, so that weights stand in the model as they are used.</summary>
internal static class ConstantFolder
{
    private const long MaxElements = 1L << 30;
    private const long DeferredBytes = 1 << 16;

    /// <summary>Computes a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="outputs">How many outputs it has.</param>
    /// <returns>One tensor per output; null where it is left to run time.</returns>
    public static IReadOnlyList<TensorValue>? TryFold(OnnxNode node, int outputs)
    {
        if (node.Inputs.Count == 0 || node.Graphs().Any() || node.Inputs.Exists(static i => i is { Constant: null }))
        {
            return null;
        }

        var x = node.Inputs[0]?.Constant;
        if (x is null || x.Length > MaxElements)
        {
            return null;
        }

        return outputs != 1 ? null : (Deferred(node, x) ?? Fold(node, x)) is { } result ? [result] : null;
    }

    /// <summary>Makes a large tensor out of another one when it is looked at, and keeps nothing of what it was made from.</summary>
    /// <param name="dtype">The result's dtype.</param>
    /// <param name="dims">The result's dimensions.</param>
    /// <param name="operands">What is looked at.</param>
    /// <param name="make">Makes the values.</param>
    /// <returns>The tensor.</returns>
    public static TensorValue Deferred(DType dtype, ReadOnlySpan<long> dims, IReadOnlyList<TensorValue> operands, Func<TensorValue> make) => TensorValue.Deferred(
        dtype,
        () =>
        {
            // What was in memory before is looked at by somebody else.
            var own = operands.Where(static o => !o.IsLoaded).ToList();
            var result = make();
            own.ForEach(static o => o.Unload());
            return result;
        },
        dims);

    /// <summary>Leaves the work on large weights until they are written.</summary>
    private static TensorValue? Deferred(OnnxNode node, TensorValue x)
    {
        var isSure = node.Op is "Cast" or "Transpose" or "Concat" or "Slice"
            || (node.Op is "Add" or "Sub" or "Mul" or "Div" && node.Inputs[1]!.Constant!.DType == x.DType && x.DType is DType.Float32 or DType.Float64);
        if (!isSure || x.IsString || (node.Op == "Slice" && (node.Inputs.Count < 4 || node.Inputs[3] is null)) || (node.Op == "Transpose" && node.Ints("perm") is null)
            || ShapeRules.Infer(node, 1)[0] is not { Shape: { IsKnown: true } shape } type || type.DType == DType.String
            || shape.Count.Value * type.DType.ElementSize() < DeferredBytes)
        {
            return null;
        }

        return Deferred(type.DType, shape.ToNumbers(), [.. node.Inputs.Select(static i => i!.Constant!)], () => Fold(node, x)!);
    }

    private static TensorValue? Fold(OnnxNode node, TensorValue x)
    {
        var second = node.Inputs.Count > 1 ? node.Inputs[1]?.Constant : null;
        switch (node.Op)
        {
            case "Cast":
                var to = Enum.GetValues<DType>().First(d => OnnxTypes.Number(d) == node.Int("to"));
                return x.DType == DType.String || to == DType.String ? null : ArrayCast.Cast(x, to);
            case "Transpose":
                return node.Ints("perm") is { } permutation ? ArrayMovement.Transpose(x, permutation) : null;
            case "Reshape" or "Squeeze" or "Unsqueeze" or "Flatten":
                return ShapeRules.Infer(node, 1)[0].Shape is { IsKnown: true } shape ? x.IsString ? ArrayMovement.Reshape(x, shape.ToNumbers()) : x.Reshape(shape.ToNumbers()) : null;
            case "Expand":
                return ShapeRules.Infer(node, 1)[0].Shape is { IsKnown: true } target && target.Count.Value <= 65536 ? ArrayMovement.Broadcast(x, target.ToNumbers()) : null;
            case "Concat":
                return ArrayMovement.Concat([.. node.Inputs.Select(static i => i!.Constant!)], (int)node.Int("axis"));
            case "Gather":
                return ArrayMovement.Gather(x, second!, (int)node.Int("axis"));
            case "Slice":
                return Slice(node, x);
            case "Where":
                return Where(x, second!, node.Inputs[2]!.Constant!);
            case "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Equal" or "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual" or "And" or "Or" or "Xor":
                return second!.DType == x.DType ? ArrayMath.Binary(node.Op, x, second) : null;
            case "Max" or "Min":
                return node.Inputs.Count == 2 ? ArrayMath.Binary(node.Op, x, second!) : null;
            default:
                return node.Inputs.Count == 1 ? ArrayMath.Unary(node.Op, x) : null;
        }
    }

    private static TensorValue? Slice(OnnxNode node, TensorValue x)
    {
        if (node.Inputs.Count < 4 || node.Inputs[3]?.Constant is not { } axes)
        {
            return null;
        }

        var starts = ArrayCast.ToLongs(node.Inputs[1]!.Constant!);
        var ends = ArrayCast.ToLongs(node.Inputs[2]!.Constant!);
        var steps = node.Inputs.Count > 4 && node.Inputs[4]?.Constant is { } given ? ArrayCast.ToLongs(given) : null;
        var first = new long[x.Rank];
        var counts = x.Dimensions.ToArray();
        var stride = Enumerable.Repeat(1L, x.Rank).ToArray();
        var i = 0;
        foreach (var a in ArrayCast.ToLongs(axes))
        {
            var axis = a < 0 ? a + x.Rank : a;
            var n = x.Dimensions[(int)axis];
            var step = steps?[i] ?? 1;
            var start = starts[i] < 0 ? starts[i] + n : starts[i];
            var end = ends[i] < 0 ? ends[i] + n : ends[i];
            start = step > 0 ? Math.Clamp(start, 0, n) : Math.Clamp(start, -1, n - 1);
            end = step > 0 ? Math.Clamp(end, 0, n) : ends[i] < -n ? -1 : Math.Clamp(end, -1, n - 1);
            first[axis] = start;
            stride[axis] = step;
            counts[axis] = Math.Max(0, step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step);
            i++;
        }

        return ArrayMovement.Slice(x, first, counts, stride);
    }

    private static TensorValue Where(TensorValue condition, TensorValue a, TensorValue b)
    {
        var dims = Strides.Broadcast2(condition.Dimensions, Strides.Broadcast2(a.Dimensions, b.Dimensions));
        using var left = ArrayMovement.Broadcast(a, dims);
        var result = ArrayMovement.Broadcast(b, dims);
        var chosen = Strides.Positions(dims, Strides.Broadcast(condition.Dimensions, dims));
        for (var i = 0; i < chosen.Length; i++)
        {
            if (condition.AsSpan<bool>()[(int)chosen[i]])
            {
                ArrayMovement.CopyElements(left, i, result, i, 1);
            }
        }

        return result;
    }
}
