using System.Collections.Concurrent;
using TfRunner.Checkpoints;
using TfRunner.SavedModels.Protos;
using TfRunner.Signatures;

namespace TfRunner.Graphs;

/// <summary>
/// A meta graph as engines need it: nodes and functions by name, what a signature reaches, where variables are stored and
/// what fills tables. Nothing is run. May be used from many threads.
/// </summary>
internal sealed class GraphView
{
    private static readonly string[] InitCollections = ["saved_model_main_op", "legacy_init_op"];

    private readonly Dictionary<string, FunctionDef> functions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GraphBody> bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SignatureReach> reaches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SavedModelAsset> assetsByNode = new(StringComparer.Ordinal);
    private readonly Lazy<StateSources> sources;

    /// <summary>Looks at a meta graph.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="metaGraph">The meta graph.</param>
    /// <param name="assets">Its assets.</param>
    /// <param name="checkpoint">Its variables; null when it has none.</param>
    /// <exception cref="TfRunnerException">DataLoss when two nodes or functions have one name.</exception>
    public GraphView(string path, MetaGraphDef metaGraph, IReadOnlyList<SavedModelAsset> assets, Checkpoint? checkpoint)
    {
        Path = path;
        MetaGraph = metaGraph;
        Ops = new(metaGraph);
        Main = new(path, Ops, metaGraph.GraphDef?.Node ?? [], null);
        foreach (var function in metaGraph.GraphDef?.Library?.Function ?? [])
        {
            if (!functions.TryAdd(function.Signature?.Name ?? "", function))
            {
                throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"{path} is damaged: function '{function.Signature?.Name}' appears twice");
            }
        }

        foreach (var asset in assets)
        {
            assetsByNode.TryAdd(TensorReference.Parse(asset.TensorName).Node, asset);
        }

        sources = new(() => StateSources.Read(this, checkpoint));
    }

    /// <summary>The file, for messages.</summary>
    public string Path { get; }

    /// <summary>The meta graph as the file has it.</summary>
    public MetaGraphDef MetaGraph { get; }

    /// <summary>The ops' definitions.</summary>
    public OpCatalog Ops { get; }

    /// <summary>The graph's own nodes.</summary>
    public GraphBody Main { get; }

    /// <summary>The functions by name.</summary>
    public IReadOnlyDictionary<string, FunctionDef> Functions => functions;

    /// <summary>Every variable of the graph, in its order, whether or not a signature reaches it.</summary>
    public IReadOnlyList<GraphVariable> Variables => sources.Value.Variables;

    /// <summary>Every lookup table of the graph, in its order.</summary>
    public IReadOnlyList<GraphTable> Tables => sources.Value.Tables;

    /// <summary>The node that initialises tables and the like; null when the model has none.</summary>
    public string? InitOp
    {
        get
        {
            if (MetaGraph.SignatureDef.TryGetValue(SignatureReader.InitOp, out var signature) && signature.Outputs.Count > 0)
            {
                return TensorReference.Parse(signature.Outputs.Values.First().Name).Node;
            }

            foreach (var name in InitCollections)
            {
                if (MetaGraph.CollectionDef.TryGetValue(name, out var collection) && collection.NodeList?.Value.Count > 0)
                {
                    return TensorReference.Parse(collection.NodeList.Value[0]).Node;
                }
            }

            return null;
        }
    }

    /// <summary>The node that restores the variables; null when the model has none.</summary>
    public string? RestoreOp => MetaGraph.SaverDef?.RestoreOpName is { Length: > 0 } name ? TensorReference.Parse(name).Node : null;

    /// <summary>Whether there is a function of that name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when <see cref="Body"/> finds it.</returns>
    public bool IsFunction(string name) => functions.ContainsKey(name);

    /// <summary>The body of a function.</summary>
    /// <param name="function">Its name.</param>
    /// <returns>The body, or null when there is no such function.</returns>
    public GraphBody? Body(string function) => functions.TryGetValue(function, out var definition)
        ? bodies.GetOrAdd(function, static (_, a) => new(a.View.Path, a.View.Ops, a.Definition.NodeDef, a.Definition), (View: this, Definition: definition))
        : null;

    /// <summary>Whether a node of the graph receives the path of an asset.</summary>
    /// <param name="node">The node's name.</param>
    /// <returns>True for asset placeholders and constants.</returns>
    public bool IsAssetNode(string node) => assetsByNode.ContainsKey(node);

    /// <summary>The asset whose path a node of the graph receives.</summary>
    /// <param name="node">The node's name.</param>
    /// <returns>The asset, or null.</returns>
    public SavedModelAsset? Asset(string node) => assetsByNode.GetValueOrDefault(node);

    /// <summary>What a call of a signature runs; computed once.</summary>
    /// <param name="signature">The signature.</param>
    /// <returns>The nodes, functions, ops, variables and tables.</returns>
    /// <exception cref="TfRunnerException">DataLoss, naming node and function, when inputs or functions are missing.</exception>
    public SignatureReach Reach(Signature signature) => reaches.GetOrAdd(signature.Name, static (_, a) => ReachReader.Read(a.View, a.Signature), (View: this, Signature: signature));
}
