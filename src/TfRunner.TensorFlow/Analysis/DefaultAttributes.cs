using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>Exporters leave attributes out that have their default value; the runtime wants them all.</summary>
internal static class DefaultAttributes
{
    /// <summary>Adds what a node lacks.</summary>
    public static void Complete(NodeDef node, OpDef? op)
    {
        foreach (var attribute in op?.Attr ?? [])
        {
            if (attribute.DefaultValue is not null && !node.Attr.ContainsKey(attribute.Name))
            {
                node.Attr[attribute.Name] = attribute.DefaultValue;
            }
        }
    }

    /// <summary>A copy of a function in which no node lacks one.</summary>
    public static FunctionDef Complete(FunctionDef function, OpCatalog ops)
    {
        var copy = function.Clone();
        foreach (var node in copy.NodeDef)
        {
            Complete(node, ops.Find(node.Op));
        }

        return copy;
    }
}
