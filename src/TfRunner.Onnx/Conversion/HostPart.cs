namespace TfRunner.Onnx.Conversion;

/// <summary>A node that ONNX cannot express and that runs in C#.</summary>
/// <param name="Op">TensorFlow's op.</param>
/// <param name="Place">The op and where it is.</param>
/// <param name="Reason">Why ONNX cannot express it.</param>
internal sealed record HostPart(string Op, string Place, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Reason}";
}
