namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>Where a value enters or leaves a program.</summary>
/// <param name="Name">The signature's name; empty inside loops.</param>
/// <param name="DType">TensorFlow's dtype.</param>
/// <param name="Slot">Where the value lies while the program runs.</param>
internal sealed record ProgramPort(string Name, DType DType, int Slot);
