using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>
/// The nodes whose tensors name a model's files. In the graph they hold the path at the exporter's; a runtime feeds them where
/// the file is now, which is the same as a constant.
/// </summary>
internal sealed class AssetNodes(SavedModel model)
{
    private readonly Dictionary<string, string> files = model.Assets.Where(static a => a.TensorName.Length > 0)
        .GroupBy(static a => TensorName.Parse(a.TensorName).Node, StringComparer.Ordinal)
        .ToDictionary(static g => g.Key, static g => g.First().Path, StringComparer.Ordinal);

    /// <summary>The node, or, when it names a file, a constant with the file's path.</summary>
    public NodeDef Found(NodeDef node)
    {
        if (!files.TryGetValue(node.Name, out var file))
        {
            return node;
        }

        var value = new TensorProto { Dtype = DataType.DtString, TensorShape = new() };
        value.StringVal.Add(ByteString.CopyFromUtf8(file));
        return new()
        {
            Name = node.Name,
            Op = "Const",
            Attr = { ["dtype"] = new() { Type = DataType.DtString }, ["value"] = new() { Tensor = value } },
        };
    }
}
