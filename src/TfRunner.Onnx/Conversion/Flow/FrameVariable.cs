using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>A variable of a loop of TensorFlow 1's form.</summary>
/// <param name="Enter">Leads its first value in.</param>
/// <param name="Merge">Takes the first or the next value.</param>
/// <param name="Switch">Leads it to the body or out.</param>
/// <param name="Next">Leads the next value back.</param>
/// <param name="Exits">Lead the last value out; none where nobody wants it.</param>
internal sealed record FrameVariable(NodeDef Enter, NodeDef Merge, NodeDef Switch, NodeDef Next, IReadOnlyList<NodeDef> Exits);
