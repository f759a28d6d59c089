namespace TfRunner.Graphs;

/// <summary>A variable of the graph and where its value is stored.</summary>
/// <param name="Node">The node that holds it: a <c>VarHandleOp</c>, or <c>VariableV2</c> in old graphs.</param>
/// <param name="SharedName">The name under which the runtime keeps it; empty where the node's name is used.</param>
/// <param name="DType">The element type.</param>
/// <param name="Shape">The shape as the graph has it; may be unknown in parts.</param>
/// <param name="CheckpointKey">The tensor of the checkpoint that holds its value; null when there is none.</param>
/// <param name="Slice">The part of that tensor as TensorFlow's shape-and-slice text, such as <c>10 4 0,5:-</c>; empty for the whole.</param>
/// <param name="IsRestored">Whether the graph's own restore op assigns it. Where it does not although there is a key, as when an
/// export restores copies, whoever runs the graph in a session must assign the value itself.</param>
/// <param name="IsInitialized">Whether the initialisation op assigns it, such as the path of an asset.</param>
internal sealed record GraphVariable(
    NodePlace Node, string SharedName, DType DType, TensorShape Shape, string? CheckpointKey, string Slice, bool IsRestored, bool IsInitialized);
