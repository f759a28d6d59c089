using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion;

/// <summary>How a signature is converted.</summary>
public sealed record ConversionOptions
{
    /// <summary>The opset of ONNX's own operators that the model states. Range 18 to 23; 21 is the default.</summary>
    public int Opset { get; init; } = OnnxBuilder.DefaultOpset;

    /// <summary>Whether layouts are pushed together and nodes fused to what ONNX Runtime runs best.</summary>
    public bool Optimize { get; init; } = true;
}
