using Tensorflow;

namespace TfRunner.TensorFlowNet;

/// <summary>Shapes of TfRunner as those of TensorFlow.NET and Keras, and back. Both write an unknown dimension (Keras's None) as -1.</summary>
public static class ShapeConversions
{
    /// <summary>The shape as TensorFlow.NET takes it.</summary>
    /// <param name="shape">The shape.</param>
    /// <returns>The shape; <see cref="Shape.Null"/> when the rank is unknown.</returns>
    public static Shape ToTensorFlowShape(this TensorShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.IsRankKnown ? new Shape(shape.Dimensions.ToArray()) : Shape.Null;
    }

    /// <summary>TensorFlow.NET's shape as TfRunner's.</summary>
    /// <param name="shape">The shape; null and <see cref="Shape.Null"/> have an unknown rank.</param>
    /// <returns>The shape; a dimension below zero is unknown.</returns>
    public static TensorShape ToTensorShape(this Shape? shape) =>
        shape is null || shape.IsNull ? TensorShape.Unknown : TensorShape.Of(Array.ConvertAll(shape.dims, static d => Math.Max(d, -1)));

    /// <summary>What <c>keras.Input(shape: ..., dtype: ...)</c> takes for an input of a signature.</summary>
    /// <param name="input">The input; its first dimension is the batch, which Keras leaves out.</param>
    /// <returns>Shape without the batch, and element type.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when the input has no batch dimension, or an unknown rank.</exception>
    public static (Shape Shape, TF_DataType DType) ToKerasInput(this TensorSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Shape.Rank > 0
            ? (new Shape(input.Shape.Dimensions[1..].ToArray()), input.DType.ToTensorFlowDType())
            : throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Usage, $"input '{input.Name}' ({input}) has no batch dimension, which Keras counts on");
    }
}
