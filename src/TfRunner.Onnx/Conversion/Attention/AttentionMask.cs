using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>What is done to the scores before the softmax.</summary>
/// <param name="Value">What is added to the scores, or the condition that chooses between them and a number.</param>
/// <param name="Number">What stands for scores that do not count; null where the value is added.</param>
/// <param name="Keeps">Whether scores count where the condition holds, rather than where it does not.</param>
internal sealed record AttentionMask(OnnxValue Value, OnnxValue? Number = null, bool Keeps = true)
{
    /// <summary>The mask as something that is added.</summary>
    /// <param name="builder">Adds what that takes.</param>
    /// <param name="before">What earlier masks add; null where there are none.</param>
    /// <returns>What they add together.</returns>
    public OnnxValue Bias(OnnxBuilder builder, OnnxValue? before)
    {
        if (Number is null)
        {
            return before is null ? Value : builder.Emit("Add", [before, Value]);
        }

        before ??= builder.Scalar(DType.Float32, 0);
        return builder.Emit("Where", Keeps ? [Value, before, Number] : [Value, Number, before]);
    }
}
