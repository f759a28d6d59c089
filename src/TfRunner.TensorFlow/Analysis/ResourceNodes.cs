using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>Tells which nodes make what outlives a call: variables, tables and other resources.</summary>
internal static class ResourceNodes
{
    /// <summary>Whether a node of the graph makes a variable, of any TensorFlow, or another resource.</summary>
    public static bool IsResource(NodeDef node, OpCatalog ops) => LegacyOps.IsVariable(node.Op) || MakesHandle(node, ops);

    /// <summary>Whether a node makes a handle of a resource; a table of TensorFlow 1 counts, a variable that is a reference does not.</summary>
    public static bool MakesHandle(NodeDef node, OpCatalog ops) =>
        node.Op is not ("Placeholder" or "PlaceholderWithDefault" or "Const")
        && ops.Find(LegacyOps.Table(node.Op)) is { InputArg.Count: 0, OutputArg: [{ Type: DataType.DtResource, NumberAttr: "" }] };
}
