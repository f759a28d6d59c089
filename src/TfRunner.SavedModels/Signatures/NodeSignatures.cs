using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Signatures;

/// <summary>Entry points made of a graph's nodes, by their names.</summary>
internal sealed class NodeSignatures(GraphView graph)
{
    /// <summary>Graphs before this producer version wrote a scalar's shape for a placeholder whose shape nobody knew.</summary>
    private const int FirstProducerWithShapes = 24;

    /// <summary>Ops whose outputs are of no use outside the graph, though nothing inside reads them.</summary>
    private static readonly HashSet<string> NoResults = new(StringComparer.Ordinal)
    {
        "Const", "ReadVariableOp", "VarIsInitializedOp", "IsVariableInitialized", "Assert", "NoOp", "SaveV2", "RestoreV2", "ShardedFilename", "MergeV2Checkpoints",
    };

    /// <summary>Makes a signature.</summary>
    /// <param name="feeds">What is fed.</param>
    /// <param name="fetches">What is fetched.</param>
    /// <returns>The signature, named after both so that two different ones never have one name.</returns>
    public Signature Make(IReadOnlyList<string> feeds, IReadOnlyList<string> fetches)
    {
        if (fetches.Count == 0)
        {
            throw Wrong("nothing is fetched", "name at least one node to fetch");
        }

        return new(
            $"{string.Join(',', feeds)} -> {string.Join(',', fetches)}",
            string.Empty,
            [.. feeds.Select(Spec).Select(s => Distinct(s, feeds))],
            [.. fetches.Select(Spec).Select(s => Distinct(s, fetches))]);
    }

    public IReadOnlyList<TensorSpec> Feeds()
    {
        var service = ServiceNodes();
        return [.. graph.Main.Nodes
            .Where((n, i) => n.Op is "Placeholder" or "PlaceholderV2" or "PlaceholderWithDefault" && !service.Contains(i) && !graph.IsAssetNode(n.Name))
            .Select(n => TrySpec(n, 0)).OfType<TensorSpec>()];
    }

    public IReadOnlyList<TensorSpec> Fetches()
    {
        var body = graph.Main;
        var read = new HashSet<GraphInput>();
        var isRead = new bool[body.Nodes.Count];
        for (var i = 0; i < body.Nodes.Count; i++)
        {
            foreach (var input in body.Inputs(i))
            {
                read.Add(input);
                isRead[input.Node] |= !input.IsControl;
            }
        }

        var service = ServiceNodes();
        return [.. Enumerable.Range(0, body.Nodes.Count)
            .Where(i => !isRead[i] && !service.Contains(i) && !NoResults.Contains(body.Nodes[i].Op) && !OpRoles.IsVariable(body.Nodes[i].Op)
                && !OpRoles.IsTable(body.Nodes[i].Op) && !body.Nodes[i].Op.StartsWith("Placeholder", StringComparison.Ordinal)
                && !OpRoles.WritesVariable(body.Nodes[i].Op))
            .SelectMany(i => Enumerable.Range(0, Math.Min(graph.Ops.OutputCount(body.Nodes[i]) ?? 1, 1024)).Select(o => TrySpec(body.Nodes[i], o)))
            .OfType<TensorSpec>()];
    }

    private static TensorSpec Distinct(TensorSpec spec, IReadOnlyList<string> all) =>
        all.Count(n => n == spec.Name) == 1 ? spec : throw Wrong($"'{spec.Name}' is named twice", "name each node once");

    private static TfRunnerException Wrong(string message, string? hint) => new(ErrorCode.InvalidArgument, ErrorStage.Usage, message, hint);

    /// <summary>The nodes that save, restore and initialise: all that lies behind their ends and nothing else reads.</summary>
    private HashSet<int> ServiceNodes()
    {
        var body = graph.Main;
        var found = new HashSet<int>();
        string?[] ends =
        [
            graph.MetaGraph.SaverDef?.SaveTensorName, graph.RestoreOp, graph.InitOp,
        ];
        var waiting = new Stack<int>(ends.Where(static e => e is { Length: > 0 }).Select(e => body.IndexOf(TensorReference.Parse(e!).Node)).Where(static i => i >= 0));
        while (waiting.TryPop(out var node))
        {
            if (found.Add(node))
            {
                foreach (var input in body.Inputs(node))
                {
                    waiting.Push(input.Node);
                }
            }
        }

        return found;
    }

    private TensorSpec Spec(string name)
    {
        var reference = TensorReference.Parse(name);
        var index = graph.Main.IndexOf(reference.Node);
        if (index < 0 || reference.IsControl || reference.OutputArg is not null)
        {
            var names = graph.Main.Nodes.Select(static n => n.Name);
            throw new TfRunnerException(
                ErrorCode.NotFound,
                ErrorStage.Usage,
                $"the graph has no node '{name}'",
                NearestName.Hint(reference.Node, names) ?? "'tfrunner inspect' lists what can be fed and fetched");
        }

        var node = graph.Main.Nodes[index];
        if (graph.Ops.OutputCount(node) is { } count && (reference.Index < 0 || reference.Index >= count))
        {
            throw Wrong(
                FormattableString.Invariant($"node '{node.Name}' ({node.Op}) has no output {reference.Index}"),
                FormattableString.Invariant($"it has {count}"));
        }

        var dtype = DTypeOf(node, reference.Index) ?? throw new TfRunnerException(
            ErrorCode.Unimplemented, ErrorStage.Usage, $"the model does not say which dtype '{name}' ({node.Op}) has", "feed or fetch a neighbouring node");
        return dtype.HasValues()
            ? new(name, dtype, ShapeOf(node, reference.Index), TensorName(node, reference.Index))
            : throw Wrong($"'{name}' ({node.Op}) is {dtype.Name()}, which has no values outside the graph", null);
    }

    private TensorSpec? TrySpec(NodeDef node, int output) =>
        DTypeOf(node, output) is { } dtype && dtype.HasValues()
            ? new(output == 0 ? node.Name : TensorName(node, output), dtype, ShapeOf(node, output), TensorName(node, output))
            : null;

    private static string TensorName(NodeDef node, int output) => FormattableString.Invariant($"{node.Name}:{output}");

    private DType? DTypeOf(NodeDef node, int output) =>
        graph.Ops.OutputType(node, output)
        ?? (output == 0 && Type(node, "dtype") is { } dtype ? dtype
            : output == 0 && graph.Ops.Find(node.Op) is null ? Type(node, "T")
            : null);

    private static DType? Type(NodeDef node, string attribute) =>
        node.Attr.TryGetValue(attribute, out var value) && value.ValueCase == AttrValue.ValueOneofCase.Type ? (DType)((int)value.Type % 100) : null;

    private TensorShape ShapeOf(NodeDef node, int output)
    {
        var inferred = node.Attr.GetValueOrDefault("_output_shapes")?.List?.Shape.ElementAtOrDefault(output);
        if (inferred is null && node.Op.StartsWith("Placeholder", StringComparison.Ordinal))
        {
            var given = node.Attr.GetValueOrDefault("shape")?.Shape;
            inferred = given is { Dim.Count: 0 } && (graph.MetaGraph.GraphDef.Versions?.Producer ?? 0) < FirstProducerWithShapes ? null : given;
        }

        return SignatureReader.Shape(inferred, $"node '{node.Name}' in {graph.Path}");
    }
}
