using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>
/// A model's graph in TensorFlow, which grows with what is asked for: nodes and functions that no signature in use reaches,
/// such as those that train and save, are never taken in, placed or optimised.
/// </summary>
internal sealed class SessionGraph(SavedModel model, SignatureReach reach, OpCatalog ops) : IDisposable
{
    private const string Colocation = "_class";
    private const string ColocationPrefix = "loc:@";
    private readonly GraphDef source = model.MetaGraph.GraphDef ?? new();
    private readonly AssetNodes assets = new(model);
    private readonly HashSet<string> nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> functions = new(StringComparer.Ordinal);
    private readonly HashSet<string> scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> renamed = new(StringComparer.Ordinal);

    public GraphHandle Handle { get; } = new();

    /// <summary>Takes in what is behind tensors and is not there yet.</summary>
    /// <param name="targets">Tensors or, with index -1, nodes.</param>
    /// <exception cref="TfRunnerException">The graph has an op that the library does not know, or is refused.</exception>
    public void Reach(IEnumerable<TensorName> targets) => Add(reach.MainNodes(targets, new HashSet<TensorName>()));

    /// <summary>Finds an operation by the name that it has in the model.</summary>
    /// <returns>The operation; zero when it was not taken in.</returns>
    public IntPtr Operation(string node) => Handle.Operation(NameOf(node));

    /// <summary>Takes nodes in that are not there yet; their inputs are among them or there.</summary>
    /// <exception cref="TfRunnerException">The graph has an op that the library does not know, or is refused.</exception>
    public void Add(IEnumerable<NodeDef> wanted)
    {
        var added = wanted.Where(n => !nodes.Contains(n.Name)).ToList();
        if (added.Count == 0)
        {
            return;
        }

        var addition = new GraphDef { Versions = source.Versions, Version = source.Version, Library = new() };
        var names = added.Select(static n => n.Name).ToHashSet(StringComparer.Ordinal);
        Rename(names);
        addition.Node.AddRange(added.Select(n => Renamed(Colocated(assets.Found(n), names))));
        foreach (var function in reach.Library(added).Where(f => !functions.Contains(f.Signature.Name)))
        {
            addition.Library.Function.Add(DefaultAttributes.Complete(function, ops));
        }

        if (SignatureObstacles.Unknown(reach, ops, addition) is { } obstacle)
        {
            throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"{model.Directory} cannot be loaded: {obstacle.Message}", obstacle.Hint);
        }

        var own = addition.Node.Select(static n => n.Name).ToHashSet(StringComparer.Ordinal);
        var outside = addition.Node.SelectMany(static n => n.Input).Select(TensorName.Parse).Where(t => !own.Contains(t.Node) && Has(t)).Distinct();
        Handle.Import(addition, outside, $"TensorFlow refuses the graph of {model.Directory}");
        nodes.UnionWith(names);
        scopes.UnionWith(own.SelectMany(Scopes));
        functions.UnionWith(addition.Library.Function.Select(static f => f.Signature.Name));
    }

    public void Dispose() => Handle.Dispose();

    private string NameOf(string node) => renamed.GetValueOrDefault(node, node);

    private unsafe bool Has(TensorName tensor) => Handle.Operation(tensor.Node) is var operation && operation != IntPtr.Zero
        && (tensor.Index < 0 || tensor.Index < TensorFlowApi.Loaded.TF_OperationNumOutputs(operation));

    /// <summary>A graph that grows takes no node whose name is the scope of a node that it has, though one whole graph may have both.</summary>
    private void Rename(HashSet<string> names)
    {
        foreach (var name in names.Where(scopes.Contains))
        {
            var other = name + "/tfrunner";
            while (scopes.Contains(other) || reach.Nodes.ContainsKey(other))
            {
                other += "_";
            }

            renamed[name] = other;
        }
    }

    private NodeDef Renamed(NodeDef node)
    {
        if (renamed.Count == 0 || !node.Input.Select(TensorName.Parse).Select(static t => t.Node).Append(node.Name).Any(renamed.ContainsKey))
        {
            return node;
        }

        var copy = node.Clone();
        copy.Name = NameOf(node.Name);
        for (var i = 0; i < copy.Input.Count; i++)
        {
            var tensor = TensorName.Parse(copy.Input[i]);
            copy.Input[i] = (tensor with { Node = NameOf(tensor.Node) }).ToString();
        }

        return copy;
    }

    private static IEnumerable<string> Scopes(string name)
    {
        for (var end = name.IndexOf('/', StringComparison.Ordinal); end > 0; end = name.IndexOf('/', end + 1))
        {
            yield return name[..end];
        }
    }

    /// <summary>A node that wants to be on the device of nodes that come with it only; TensorFlow knows the others too late.</summary>
    private NodeDef Colocated(NodeDef node, HashSet<string> names)
    {
        if (!node.Attr.TryGetValue(Colocation, out var wish) || wish.List is null || wish.List.S.All(s => IsAmong(s.ToStringUtf8(), names)))
        {
            return node;
        }

        var copy = node.Clone();
        var kept = wish.List.S.Where(s => IsAmong(s.ToStringUtf8(), names)).ToList();
        copy.Attr.Remove(Colocation);
        if (kept.Count > 0)
        {
            copy.Attr[Colocation] = new() { List = new() { S = { kept } } };
        }

        return copy;
    }

    private bool IsAmong(string wish, HashSet<string> names) => !wish.StartsWith(ColocationPrefix, StringComparison.Ordinal)
        || (names.Contains(wish[ColocationPrefix.Length..]) && !renamed.ContainsKey(wish[ColocationPrefix.Length..]));
}
