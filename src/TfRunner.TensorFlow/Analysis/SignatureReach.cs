using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>The nodes that a signature can come to run: back from its outputs to its inputs, and into function bodies.</summary>
internal sealed class SignatureReach
{
    private readonly Dictionary<string, NodeDef> nodes;
    private readonly Dictionary<string, FunctionDef> functions;

    public SignatureReach(GraphDef graph)
    {
        nodes = new(graph.Node.Count, StringComparer.Ordinal);
        foreach (var node in graph.Node)
        {
            nodes[node.Name] = node;
        }

        functions = new(StringComparer.Ordinal);
        foreach (var function in graph.Library?.Function ?? [])
        {
            functions[function.Signature.Name] = function;
        }
    }

    public IReadOnlyDictionary<string, NodeDef> Nodes => nodes;

    public IReadOnlyDictionary<string, FunctionDef> Functions => functions;

    /// <summary>The main graph's nodes behind tensors, in no particular order; what is fed is not run.</summary>
    /// <param name="targets">Tensors or, with index -1, nodes.</param>
    /// <param name="fed">Tensors that are given.</param>
    public List<NodeDef> MainNodes(IEnumerable<TensorName> targets, IReadOnlySet<TensorName> fed)
    {
        var reached = new List<NodeDef>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<TensorName>(targets);
        while (waiting.TryPop(out var tensor))
        {
            if (fed.Contains(tensor) || !seen.Add(tensor.Node) || !nodes.TryGetValue(tensor.Node, out var node))
            {
                continue;
            }

            reached.Add(node);
            foreach (var input in node.Input)
            {
                waiting.Push(TensorName.Parse(input));
            }
        }

        return reached;
    }

    /// <summary>The main graph's nodes behind a signature's outputs and the bodies of all functions they name.</summary>
    public List<ReachedNode> All(Signature signature) =>
        WithBodies(MainNodes(
            signature.Outputs.Select(static o => TensorName.Parse(o.TensorName)),
            signature.Inputs.Select(static i => TensorName.Parse(i.TensorName)).ToHashSet()));

    /// <summary>Adds the bodies of the functions that nodes name, and of those that they name.</summary>
    public List<ReachedNode> WithBodies(IEnumerable<NodeDef> main)
    {
        var all = main.Select(static n => new ReachedNode(n, null)).ToList();
        var entered = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var name in FunctionNames(all[i].Node))
            {
                if (entered.Add(name))
                {
                    all.AddRange(functions[name].NodeDef.Select(n => new ReachedNode(n, name)));
                }
            }
        }

        return all;
    }

    /// <summary>The functions that a runtime needs for nodes: what they name, what that names, and other implementations of the
    /// same, among which TensorFlow chooses by device.</summary>
    public IReadOnlyList<FunctionDef> Library(IEnumerable<NodeDef> main)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new List<NodeDef>(main);
        while (waiting.Count > 0)
        {
            var reached = WithBodies(waiting).Where(static r => r.Function is not null).Select(static r => r.Function!).Where(names.Add).ToList();
            var implemented = reached.Select(f => Implemented(functions[f])).Where(static i => i is not null).ToHashSet(StringComparer.Ordinal);
            var others = implemented.Count == 0 ? [] : functions.Values.Where(f => implemented.Contains(Implemented(f)) && names.Add(f.Signature.Name)).ToList();
            waiting = [.. others.SelectMany(static f => f.NodeDef)];
        }

        return [.. names.Select(n => functions[n])];
    }

    private static string? Implemented(FunctionDef function) =>
        function.Attr.TryGetValue("api_implements", out var name) && !name.S.IsEmpty ? name.S.ToStringUtf8() : null;

    /// <summary>The functions of the library that a node calls or carries in an attribute.</summary>
    public IEnumerable<string> FunctionNames(NodeDef node)
    {
        if (functions.ContainsKey(node.Op))
        {
            yield return node.Op;
        }

        foreach (var value in node.Attr.Values)
        {
            if (value.ValueCase == AttrValue.ValueOneofCase.Func && functions.ContainsKey(value.Func.Name))
            {
                yield return value.Func.Name;
            }
            else if (value.ValueCase == AttrValue.ValueOneofCase.List)
            {
                foreach (var function in value.List.Func.Where(f => functions.ContainsKey(f.Name)))
                {
                    yield return function.Name;
                }
            }
        }
    }
}
