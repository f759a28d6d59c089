namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Batch normalisation and local response normalisation.</summary>
internal sealed class NormalizationOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(FusedBatchNorm, "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3");
        registry.Add(LocalResponse, "LRN");
    }

    /// <summary>
    /// FusedBatchNorm: scale * (x - mean) / sqrt(variance + epsilon) + offset per channel. With is_training (default true)
    /// mean and variance are the batch's, and the reported variance has N - 1. ONNX: BatchNormalization-15.
    /// </summary>
    private static void FusedBatchNorm(OperatorContext op)
    {
        var isVolume = op.Attributes.Text("data_format", "NHWC").Length == 5;
        var layout = new SpatialLayout(op, isVolume ? 3 : 2);
        var x = layout.ToChannelsFirst(op.Input(0));
        var epsilon = op.Attributes.Float("epsilon", 0.0001f);
        var (mean, variance) = (op.Input(3), op.Input(4));
        if (op.Attributes.Bool("is_training", true))
        {
            if (op.Attributes.Float("exponential_avg_factor", 1) != 1)
            {
                throw new UnsupportedException("it keeps a moving average");
            }

            long[] axes = isVolume ? [0, 2, 3, 4] : [0, 2, 3];
            var kept = op.Emit("ReduceMean", [x, op.Builder.Ints(axes)], ("keepdims", 1L));
            var centred = op.Emit("Sub", [x, kept]);
            mean = op.Builder.Squeeze(kept, axes);
            variance = op.Emit("ReduceMean", [op.Emit("Mul", [centred, centred]), op.Builder.Ints(axes)], ("keepdims", 0L));
            var count = op.Emit("Div", [op.Emit("Size", [x]), op.Builder.DimensionOf(x, 1)]);
            var n = op.Builder.Cast(count, x.DType);
            var one = op.Builder.Scalar(x.DType, 1);
            var unbiased = op.Emit("Mul", [variance, op.Emit("Div", [n, op.Emit("Max", [op.Emit("Sub", [n, one]), one])])]);
            op.Output(1, mean);
            op.Output(2, unbiased);
        }
        else
        {
            op.Output(1, mean);
            op.Output(2, variance);
        }

        // What the gradient op takes, which on a CPU are mean and variance again.
        op.Output(3, mean);
        op.Output(4, variance);
        if (op.OutputCount > 5)
        {
            op.Output(5, op.Builder.Constant(TensorValue.Zeros(DType.Float32, 0)));
        }

        var y = op.Emit("BatchNormalization", [x, op.Input(1), op.Input(2), mean, variance], ("epsilon", epsilon));
        op.Output(0, layout.FromChannelsFirst(y));
    }

    /// <summary>
    /// LRN: x / (bias + alpha * sum of squares over 2 * depth_radius + 1 channels) ^ beta. ONNX: LRN-13, whose alpha is
    /// divided by the number of channels summed.
    /// </summary>
    private static void LocalResponse(OperatorContext op)
    {
        var size = (2 * op.Attributes.Int("depth_radius", 5)) + 1;
        var layout = new SpatialLayout(op, 2);
        var y = op.Emit(
            "LRN",
            [layout.ToChannelsFirst(op.Input(0))],
            ("size", size),
            ("alpha", op.Attributes.Float("alpha", 1) * size),
            ("beta", op.Attributes.Float("beta", 0.5f)),
            ("bias", op.Attributes.Float("bias", 1)));
        op.Output(layout.FromChannelsFirst(y));
    }
}
