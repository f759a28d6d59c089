using TfRunner.Onnx.Host;

namespace TfRunner.Onnx.Conversion.Programs;

/// <summary>An op that runs in C#.</summary>
/// <param name="Node">The op.</param>
/// <param name="Graphs">What a loop or conditional runs. Their inputs are the node's own (loops: the loop variables;
/// conditionals: none), then the values they use from outside, which are the step's last inputs.</param>
/// <param name="Inputs">The slots it reads.</param>
/// <param name="Outputs">The slots it writes.</param>
internal sealed record HostStep(HostNode Node, IReadOnlyList<ConvertedProgram> Graphs, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs)
    : ProgramStep(Inputs, Outputs);
