namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>A part of a program that runs as one.</summary>
/// <param name="Inputs">The slots it reads.</param>
/// <param name="Outputs">The slots it writes.</param>
internal abstract record ProgramStep(IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs);
