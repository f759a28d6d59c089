using TfRunner.Onnx.Conversion.Rows;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>A part that ONNX Runtime runs, kept in a file; its weights lie beside it.</summary>
/// <param name="File">The model file.</param>
/// <param name="InputNames">The model's names of the inputs.</param>
/// <param name="OutputNames">The model's names of the outputs.</param>
/// <param name="Inputs">The slots it reads.</param>
/// <param name="Outputs">The slots it writes.</param>
/// <param name="Bytes">How long the file and the weights beside it are.</param>
/// <param name="Split">How a large batch is computed in parts; null where it is computed as a whole.</param>
internal sealed record StoredOnnxStep(
    string File, IReadOnlyList<string> InputNames, IReadOnlyList<string> OutputNames, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, long Bytes, RowSplit? Split = null)
    : ProgramStep(Inputs, Outputs);
