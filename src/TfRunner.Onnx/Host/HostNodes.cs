using TfRunner.Onnx.Conversion.Flow;

namespace TfRunner.Onnx.Host;

/// <summary>Host nodes of graph nodes.</summary>
internal static class HostNodes
{
    public static HostNode Of(FlowNode node) => new(node.Name, node.Op, node.Attributes, [.. node.Outputs.Select(static o => o.DType)]);
}
