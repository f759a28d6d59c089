using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx.Conversion;

/// <summary>What came of converting a signature.</summary>
/// <param name="Program">The program; not to be run when there are obstacles.</param>
/// <param name="Obstacles">What stands in the way, one line per node; empty when the program can run.</param>
/// <param name="HostParts">The nodes that ONNX cannot express, which run in C#, with the reason; what else runs there does so
/// because only they need it.</param>
internal sealed record ConversionResult(ConvertedProgram Program, IReadOnlyList<string> Obstacles, IReadOnlyList<HostPart> HostParts);
