using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>A part that ONNX Runtime runs.</summary>
/// <param name="Graph">The graph; its inputs and outputs are those of the step, in order.</param>
/// <param name="Inputs">The slots it reads.</param>
/// <param name="Outputs">The slots it writes.</param>
internal sealed record OnnxStep(OnnxGraph Graph, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs) : ProgramStep(Inputs, Outputs);
