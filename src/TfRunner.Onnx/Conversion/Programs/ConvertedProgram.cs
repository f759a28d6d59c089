namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>A converted signature: steps that ONNX Runtime or C# runs one after the other, passing values through slots.</summary>
internal sealed class ConvertedProgram
{
    public List<ProgramPort> Inputs { get; } = [];

    public List<ProgramPort> Outputs { get; } = [];

    public List<ProgramStep> Steps { get; } = [];

    /// <summary>Slots whose value is known: a <see cref="TensorValue"/> or a <see cref="Host.HostTable"/>.</summary>
    public Dictionary<int, object> Constants { get; } = [];

    public int SlotCount { get; set; }

    /// <summary>Whether ONNX Runtime runs it as a whole.</summary>
    public bool IsPureOnnx => Steps.Count <= 1 && Steps.TrueForAll(static s => s is OnnxStep);
}
