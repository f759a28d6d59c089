namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Random numbers. Their sequence is not TensorFlow's, not even for a fixed seed; what they are drawn from is.</summary>
internal sealed class RandomOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // RandomUniform: from 0 inclusive to 1 exclusive. ONNX: RandomUniformLike-1 with bounds 0 and 1.
        registry.Add(
            static op => op.Output(op.Emit("RandomUniformLike", [Like(op)], ("low", 0f), ("high", 1f), ("dtype", 1L))), "RandomUniform");

        // RandomStandardNormal: mean 0, deviation 1. ONNX: RandomNormalLike-1.
        registry.Add(
            static op => op.Output(op.Emit("RandomNormalLike", [Like(op)], ("mean", 0f), ("scale", 1f), ("dtype", 1L))), "RandomStandardNormal");
    }

    /// <summary>A tensor of the asked shape; its elements do not matter.</summary>
    private static Building.OnnxValue Like(OperatorContext op) =>
        op.Emit("Expand", [op.Builder.Scalar(DType.Float32, 0), op.Builder.Cast(op.Input(0), DType.Int64)]);
}
