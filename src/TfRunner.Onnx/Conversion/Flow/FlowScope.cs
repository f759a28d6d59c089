using Google.Protobuf.Collections;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>A graph or a call of a function while it is imported: its nodes by name, and what came of them so far.</summary>
internal sealed class FlowScope
{
    public FlowScope(string prefix, FlowGraph target, IEnumerable<NodeDef> nodes, FunctionDef? function)
    {
        Prefix = prefix;
        Target = target;
        Function = function;
        foreach (var node in nodes)
        {
            Nodes.TryAdd(node.Name, node);
        }
    }

    /// <summary>Leads the names of the nodes imported from here.</summary>
    public string Prefix { get; }

    /// <summary>The graph that imported nodes go to.</summary>
    public FlowGraph Target { get; }

    /// <summary>The function whose body this is; null for the main graph.</summary>
    public FunctionDef? Function { get; }

    /// <summary>The graph around a loop of TensorFlow 1's form whose iteration this is; null elsewhere.</summary>
    public FlowScope? Outer { get; init; }

    public Dictionary<string, NodeDef> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>A function's arguments by name.</summary>
    public Dictionary<string, FlowValue> Arguments { get; } = new(StringComparer.Ordinal);

    /// <summary>Values that replace a tensor of the main graph, by <c>node:index</c>: what the signature feeds, and assets.</summary>
    public Dictionary<string, FlowValue> Fed { get; } = new(StringComparer.Ordinal);

    /// <summary>The outputs of the nodes imported so far.</summary>
    public Dictionary<string, IReadOnlyList<FlowValue>> Done { get; } = new(StringComparer.Ordinal);

    public MapField<string, string>? Returns => Function?.Ret;
}
