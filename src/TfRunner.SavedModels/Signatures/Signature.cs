namespace TfRunner;

/// <summary>A named entry point of a model.</summary>
/// <param name="Name">The name, such as <c>serving_default</c>.</param>
/// <param name="MethodName">What serving systems call it, such as <c>tensorflow/serving/predict</c>; may be empty.</param>
/// <param name="Inputs">The inputs, in ordinal order of their names. A sparse input appears as its three tensors:
/// <c>X_indices</c>, <c>X_values</c>, <c>X_dense_shape</c>.</param>
/// <param name="Outputs">The outputs, in ordinal order of their names.</param>
public sealed record Signature(string Name, string MethodName, IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs)
{
    /// <summary>The name that a model's main entry point has by convention.</summary>
    public const string DefaultName = "serving_default";

    /// <summary>The values that inputs have when a caller leaves them out, by the inputs' names; owned by the model.</summary>
    public IReadOnlyDictionary<string, TensorValue> Defaults { get; init; } = new Dictionary<string, TensorValue>();
}
