using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion;

/// <summary>How a signature is converted.</summary>
public sealed record ConversionOptions
{
    /// <summary>The oldest opset that can be stated.</summary>
    public const int MinOpset = 18;

    /// <summary>The newest opset that can be stated.</summary>
    public const int MaxOpset = 23;

    /// <summary>The opset of ONNX's own operators that the model states. Range 18 to 23; 21 is the default.</summary>
    public int Opset { get; init; } = OnnxBuilder.DefaultOpset;

    /// <summary>Whether layouts are pushed together and nodes fused to what ONNX Runtime runs best.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>Whether assertions are kept, as steps that run in C#.</summary>
    internal bool KeepsChecks { get; init; } = true;
}
