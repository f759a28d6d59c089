using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Rows;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>A part that ONNX Runtime runs.</summary>
/// <param name="Graph">The graph; its inputs and outputs are those of the step, in order.</param>
/// <param name="Inputs">The slots it reads.</param>
/// <param name="Outputs">The slots it writes.</param>
/// <param name="Split">How a large batch is computed in parts; null where it is computed as a whole.</param>
internal sealed record OnnxStep(OnnxGraph Graph, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, RowSplit? Split = null) : ProgramStep(Inputs, Outputs);
