using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>The nodes of the graph or of a function, with their inputs resolved. May be used from many threads.</summary>
internal sealed class GraphBody
{
    private readonly string path;
    private readonly OpCatalog ops;
    private readonly Dictionary<string, int> nodesByName;
    private readonly Dictionary<string, int> argumentsByName = new(StringComparer.Ordinal);
    private readonly GraphInput[]?[] inputs;

    /// <summary>Looks at a body.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="ops">The ops' definitions.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="function">The function; null for the graph itself.</param>
    public GraphBody(string path, OpCatalog ops, IReadOnlyList<NodeDef> nodes, FunctionDef? function)
    {
        this.path = path;
        this.ops = ops;
        Nodes = nodes;
        Function = function;
        nodesByName = new(nodes.Count, StringComparer.Ordinal);
        inputs = new GraphInput[nodes.Count][];
        for (var i = 0; i < nodes.Count; i++)
        {
            if (!nodesByName.TryAdd(nodes[i].Name, i))
            {
                throw Damaged($"node '{nodes[i].Name}' appears twice");
            }
        }

        foreach (var argument in function?.Signature?.InputArg ?? [])
        {
            if (!argumentsByName.TryAdd(argument.Name, argumentsByName.Count))
            {
                throw Damaged($"argument '{argument.Name}' appears twice");
            }
        }
    }

    /// <summary>The function; null for the graph itself.</summary>
    public FunctionDef? Function { get; }

    /// <summary>The function's name; null for the graph itself.</summary>
    public string? FunctionName => Function?.Signature?.Name;

    /// <summary>The nodes in the file's order, which need not be that of their inputs.</summary>
    public IReadOnlyList<NodeDef> Nodes { get; }

    /// <summary>The number of the function's arguments; 0 for the graph.</summary>
    public int ArgumentCount => argumentsByName.Count;

    /// <summary>The index of a node.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The index, or -1.</returns>
    public int IndexOf(string name) => nodesByName.GetValueOrDefault(name, -1);

    /// <summary>A node by name.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The node, or null.</returns>
    public NodeDef? Find(string name) => nodesByName.TryGetValue(name, out var index) ? Nodes[index] : null;

    /// <summary>The inputs of a node, data inputs first as the format has them.</summary>
    /// <param name="node">The node's index.</param>
    /// <returns>The inputs.</returns>
    /// <exception cref="TfRunnerException">DataLoss, naming the node, when an input names nothing.</exception>
    public ReadOnlySpan<GraphInput> Inputs(int node)
    {
        if (inputs[node] is { } known)
        {
            return known;
        }

        var names = Nodes[node].Input;
        var resolved = new GraphInput[names.Count];
        for (var i = 0; i < resolved.Length; i++)
        {
            resolved[i] = Resolve(names[i]) ?? throw Damaged($"input '{names[i]}' of node '{Nodes[node].Name}' names nothing");
        }

        inputs[node] = resolved;
        return resolved;
    }

    /// <summary>Resolves a reference, such as a value of a function's <c>ret</c> or a signature's tensor name.</summary>
    /// <param name="reference">The reference as it stands in the file.</param>
    /// <returns>What it names, or null when it names nothing.</returns>
    public GraphInput? Resolve(string reference)
    {
        var parsed = TensorReference.Parse(reference);
        if (parsed.OutputArg is null && argumentsByName.TryGetValue(parsed.Node, out var argument))
        {
            return new(~argument, parsed.IsControl ? -1 : 0);
        }

        if (!nodesByName.TryGetValue(parsed.Node, out var node) || parsed.Index < 0)
        {
            return null;
        }

        // An op whose definition the model lost has in practice one output argument.
        return parsed.IsControl ? new(node, -1)
            : parsed.OutputArg is null ? new(node, parsed.Index)
            : new(node, (int)Math.Min(int.MaxValue, (long)(ops.OutputOffset(Nodes[node], parsed.OutputArg) ?? 0) + parsed.Index));
    }

    /// <summary>Where a node stands.</summary>
    /// <param name="node">Its index.</param>
    /// <returns>The place.</returns>
    public NodePlace Place(int node) => new(FunctionName, Nodes[node].Name, Nodes[node].Op);

    private TfRunnerException Damaged(string what) =>
        TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{path} is damaged: {what}{(FunctionName is { } f ? $" in function '{f}'" : "")}");
}
