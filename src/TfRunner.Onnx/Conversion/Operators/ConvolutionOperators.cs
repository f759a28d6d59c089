namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>
/// Convolutions and pooling. TensorFlow's default layout has channels last; ONNX's operators take channels first, so that
/// each is wrapped in transposes, which the layout pass pushes together and cancels.
/// </summary>
internal sealed class ConvolutionOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(static op => Convolve(op, 2), "Conv2D");
        registry.Add(static op => Convolve(op, 3), "Conv3D");
        registry.Add(Depthwise, "DepthwiseConv2dNative");
        registry.Add(static op => Pool(op, 2, "MaxPool"), "MaxPool");
        registry.Add(static op => Pool(op, 3, "MaxPool"), "MaxPool3D");
        registry.Add(static op => Pool(op, 2, "AveragePool"), "AvgPool");
        registry.Add(static op => Pool(op, 3, "AveragePool"), "AvgPool3D");
    }

    /// <summary>
    /// Conv2D, Conv3D: filters [spatial..., in / groups, out]; groups follow from the channels. SAME pads so that the output
    /// has ceil(in / stride), the odd one after. ONNX: Conv-11, filters [out, in / groups, spatial...], SAME_UPPER.
    /// </summary>
    private static void Convolve(OperatorContext op, int spatial)
    {
        var layout = new SpatialLayout(op, spatial);
        var x = layout.ToChannelsFirst(op.Input(0));
        var filters = op.Input(1);
        var shape = op.ShapeOf(1);
        long[] permutation = [spatial + 1, spatial, .. Enumerable.Range(0, spatial).Select(static i => (long)i)];
        var groups = x.Shape is { } s && s[1].IsConstant && shape[spatial].IsConstant && shape[spatial].Value > 0 ? s[1].Value / shape[spatial].Value : 1;
        var y = op.Emit("Conv", [x, op.Builder.Transpose(filters, permutation)], [.. layout.Window(shape.ToNumbers()[..spatial], x), ("group", groups)]);
        op.Output(layout.FromChannelsFirst(y));
    }

    /// <summary>DepthwiseConv2dNative: filters [height, width, in, multiplier]; output channel = in * multiplier + m. ONNX: Conv-11 with a group per channel.</summary>
    private static void Depthwise(OperatorContext op)
    {
        var layout = new SpatialLayout(op, 2);
        var x = layout.ToChannelsFirst(op.Input(0));
        var shape = op.ShapeOf(1).ToNumbers();
        var filters = op.Builder.Reshape(op.Builder.Transpose(op.Input(1), 2, 3, 0, 1), shape[2] * shape[3], 1, shape[0], shape[1]);
        var y = op.Emit("Conv", [x, filters], [.. layout.Window(shape[..2], x), ("group", shape[2])]);
        op.Output(layout.FromChannelsFirst(y));
    }

    /// <summary>MaxPool, AvgPool: windows by ksize; padding does not count into averages. ONNX: MaxPool-12, AveragePool-19.</summary>
    private static void Pool(OperatorContext op, int spatial, string onnx)
    {
        var layout = new SpatialLayout(op, spatial);
        var sizes = op.Attributes.Ints("ksize");
        if (sizes[0] != 1 || sizes[layout.IsChannelsFirst ? 1 : ^1] != 1)
        {
            throw new UnsupportedException("its windows reach over batches or channels");
        }

        var kernel = layout.Spatial(sizes);
        var x = layout.ToChannelsFirst(op.Input(0));
        var y = op.Emit(onnx, [x], layout.Window(kernel, x));
        op.Output(layout.FromChannelsFirst(y));
    }
}
