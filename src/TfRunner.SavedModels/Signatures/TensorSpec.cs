namespace TfRunner;

/// <summary>One input or output of a signature.</summary>
/// <param name="Name">The name that callers use, such as <c>x</c>.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The shape; unknown dimensions accept any.</param>
/// <param name="TensorName">The tensor in the graph, such as <c>serving_default_x:0</c>.</param>
public sealed record TensorSpec(string Name, DType DType, TensorShape Shape, string TensorName)
{
    /// <summary>The spec as text: <c>x: float32 [?, 3]</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{Name}: {DType.Name()} {Shape}";
}
