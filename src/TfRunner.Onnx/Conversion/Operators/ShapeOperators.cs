using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Shapes, and operators that change them without computing.</summary>
internal sealed class ShapeOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Shape, Size: int32 or int64 by out_type. Rank: int32. ONNX: Shape-15, Size-13 give int64.
        registry.Add(static op => op.Output(op.Builder.ShapeOf(op.Input(0))), "Shape");
        registry.Add(static op => op.Output(op.Emit("Size", [op.Input(0)])), "Size");
        registry.Add(static op => op.Output(op.Builder.Int(op.RankOf(0))), "Rank");
        registry.Add(static op => op.Output(op.Builder.Reshape(op.Input(0), op.Input(1))), "Reshape");
        registry.Add(static op => op.Output(op.Builder.Transpose(op.Input(0), op.ConstantInts(1))), "Transpose", "ConjugateTranspose");
        registry.Add(ExpandDims, "ExpandDims");
        registry.Add(Squeeze, "Squeeze");
        registry.Add(Pack, "Pack");
        registry.Add(Unpack, "Unpack");
        registry.Add(static op => Concat(op, 0, op.InputCount - 1, op.InputCount - 1), "ConcatV2");
        registry.Add(static op => Concat(op, 1, op.InputCount, 0), "Concat");
        registry.Add(static op => op.Output(op.Emit("Expand", [op.Input(1), op.Builder.Cast(op.Input(0), DType.Int64)])), "Fill");
        registry.Add(static op => op.Output(op.Emit("Expand", [op.Input(0), op.Builder.Cast(op.Input(1), DType.Int64)])), "BroadcastTo");
        registry.Add(static op => op.Output(op.Emit("Tile", [op.Input(0), op.Builder.Cast(op.Input(1), DType.Int64)])), "Tile");
        registry.Add(static op => op.Output(op.Emit("Expand", [op.Builder.Scalar(op.OutputCarrier(), 0), op.Builder.ShapeOf(op.Input(0))])), "ZerosLike");
        registry.Add(static op => op.Output(op.Emit("Expand", [op.Builder.Scalar(op.OutputCarrier(), 1), op.Builder.ShapeOf(op.Input(0))])), "OnesLike");
        registry.Add(static op => op.Output(op.Emit("Range", [op.Input(0), op.Input(1), op.Input(2)])), "Range");
        registry.Add(Pad, "Pad", "PadV2");
    }

    private static void ExpandDims(OperatorContext op)
    {
        var axis = op.ConstantInts(1)[0];
        op.Output(op.Builder.Unsqueeze(op.Input(0), axis));
    }

    private static void Squeeze(OperatorContext op)
    {
        var axes = op.Attributes.Ints("squeeze_dims");
        axes = axes.Length > 0 ? axes : op.Attributes.Ints("axis");
        op.Output(axes.Length > 0 ? op.Builder.Squeeze(op.Input(0), axes) : op.Emit("Squeeze", [op.Input(0)]));
    }

    /// <summary>Pack: stacks along a new axis.</summary>
    private static void Pack(OperatorContext op)
    {
        var axis = op.Attributes.Int("axis");
        var parts = op.Inputs().Select(i => op.Builder.Unsqueeze(i, axis)).ToArray();
        var rank = parts[0].Rank ?? (axis >= 0 ? (int)axis + 1 : throw new UnsupportedException("the rank of its inputs is unknown"));
        op.Output(op.Builder.Concat((int)(axis < 0 ? axis + rank : axis), parts));
    }

    /// <summary>Unpack: the slices along an axis, without it.</summary>
    private static void Unpack(OperatorContext op)
    {
        var axis = op.Attributes.Int("axis");
        for (var i = 0; i < op.OutputCount; i++)
        {
            op.Output(i, op.Builder.Gather(op.Input(0), op.Builder.Int(i), (int)axis));
        }
    }

    private static void Concat(OperatorContext op, int first, int end, int axisInput)
    {
        var axis = (int)op.ConstantInts(axisInput)[0];
        var parts = op.Inputs()[first..end];
        op.Output(op.Builder.Concat(axis, parts));
    }

    /// <summary>Pad: [rank, 2] amounts before and after; PadV2 with a value. ONNX: Pad-21 takes all befores, then all afters.</summary>
    private static void Pad(OperatorContext op)
    {
        var amounts = op.Builder.Reshape(op.Builder.Transpose(op.Builder.Cast(op.Input(1), DType.Int64), 1, 0), -1L);
        OnnxValue? value = op.InputCount > 2 ? op.Input(2) : null;
        op.Output(op.Emit("Pad", value is null ? [op.Input(0), amounts] : [op.Input(0), amounts, value], ("mode", "constant")));
    }
}
