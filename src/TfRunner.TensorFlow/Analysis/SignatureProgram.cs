using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>A part of the main graph as a function: what is fed comes first among its arguments, then the resources.</summary>
/// <param name="Function">The function.</param>
/// <param name="Resources">The nodes that make the resources (variables, tables), in the order of the arguments. They have no inputs.</param>
internal sealed record SignatureProgram(FunctionDef Function, IReadOnlyList<NodeDef> Resources);
