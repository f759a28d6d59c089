using TfRunner.Checkpoints;
using TfRunner.Directories;
using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;
using TfRunner.Signatures;

namespace TfRunner;

/// <summary>
/// A SavedModel directory, read but never run: signatures, graph, functions, variables, assets.
/// Variables stay in the memory-mapped shards until they are asked for. May be used from many threads.
/// </summary>
public sealed class SavedModel : IDisposable
{
    private readonly Lazy<GraphView> graph;

    private SavedModel(SavedModelPath place, SavedModels.Protos.SavedModel file, MetaGraphDef metaGraph, bool isFrozenGraph)
    {
        IsFrozenGraph = isFrozenGraph;
        Directory = place.Directory;
        File = place.File;
        Version = place.Version;
        SchemaVersion = file.SavedModelSchemaVersion;
        MetaGraph = metaGraph;
        Tags = MetaGraphChoice.Tags(metaGraph);
        MetaGraphTags = [.. file.MetaGraphs.Select(MetaGraphChoice.Tags)];
        TensorFlowVersion = metaGraph.MetaInfoDef?.TensorflowVersion is { Length: > 0 } version ? version : null;
        Signatures = SignatureReader.Read(place.File, metaGraph);
        graph = new(() => new(File, MetaGraph, Assets!, Checkpoint));
        if (isFrozenGraph)
        {
            // What lies beside the file is no part of it.
            Assets = [];
            return;
        }

        Assets = AssetReader.Read(Directory, metaGraph);
        Keras = KerasReader.Read(Directory, metaGraph);
        Fingerprint = SavedModelFingerprint.Read(Directory);
        var prefix = Path.Combine(Directory, "variables", "variables");
        Checkpoint = System.IO.File.Exists(prefix + ".index") ? Checkpoint.Open(prefix) : null;
    }

    /// <summary>The directory that holds <c>saved_model.pb</c>, absolute; the chosen version's where versions were given.</summary>
    public string Directory { get; }

    /// <summary>The file with the graph, absolute: <c>saved_model.pb</c> or <c>saved_model.pbtxt</c>.</summary>
    public string File { get; }

    /// <summary>Whether the file is a frozen graph: a bare GraphDef without variables, tags and signatures, of which
    /// <see cref="AdHocSignature"/> feeds and fetches nodes.</summary>
    public bool IsFrozenGraph { get; }

    /// <summary>The number of the version where the directory's name is one; else null.</summary>
    public long? Version { get; }

    /// <summary>The version of the SavedModel format; 1 since 2017, 0 where a file does not say.</summary>
    public long SchemaVersion { get; }

    /// <summary>The tags of the meta graph in use.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The tags of every meta graph in the file, in its order.</summary>
    public IReadOnlyList<IReadOnlyList<string>> MetaGraphTags { get; }

    /// <summary>The version of TensorFlow that wrote the model; null where it does not say.</summary>
    public string? TensorFlowVersion { get; }

    /// <summary>The entry points, in ordinal order of their names.</summary>
    public IReadOnlyList<Signature> Signatures { get; }

    /// <summary>The files that the graph reads when it is initialised.</summary>
    public IReadOnlyList<SavedModelAsset> Assets { get; }

    /// <summary>What is known of the Keras that wrote the model; null when none did.</summary>
    public KerasInfo? Keras { get; }

    /// <summary>What <c>fingerprint.pb</c> says; null without one.</summary>
    public SavedModelFingerprint? Fingerprint { get; }

    /// <summary>The variables' values; null when the model has no variables.</summary>
    public Checkpoint? Checkpoint { get; }

    internal MetaGraphDef MetaGraph { get; }

    /// <summary>The graph as engines need it; made on first use.</summary>
    internal GraphView Graph => graph.Value;

    /// <summary>Opens a SavedModel.</summary>
    /// <param name="path">The directory, a directory of numbered versions, or the <c>.pb</c> or <c>.pbtxt</c> file; a frozen graph's <c>.pb</c> or <c>.pbtxt</c> too.</param>
    /// <param name="options">Which meta graph and version to take; null takes the defaults.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is no SavedModel at <paramref name="path"/>; FailedPrecondition when
    /// there is another kind of model; DataLoss, naming file and offset, when a file is damaged; PermissionDenied when an
    /// asset's name leads out of the directory.</exception>
    public static SavedModel Open(string path, SavedModelOptions? options = null)
    {
        options ??= new();
        var place = SavedModelPath.Resolve(path, options.Version);
        var file = SavedModelFile.Read(place.File, out var isFrozenGraph);
        return new(place, file, MetaGraphChoice.Choose(place.File, file.MetaGraphs, options.Tags), isFrozenGraph);
    }

    /// <summary>Finds an entry point.</summary>
    /// <param name="name">Its name; null takes <c>serving_default</c>, or the only one.</param>
    /// <returns>The signature.</returns>
    /// <exception cref="TfRunnerException">NotFound, naming those that exist.</exception>
    public Signature Signature(string? name = null)
    {
        if (Signatures.FirstOrDefault(s => s.Name == (name ?? TfRunner.Signature.DefaultName)) is { } found)
        {
            return found;
        }

        if (name is null && Signatures.Count == 1)
        {
            return Signatures[0];
        }

        if (Signatures.Count == 0)
        {
            throw TfRunnerException.ForLoad(
                ErrorCode.NotFound,
                $"{(IsFrozenGraph ? File : Directory)} has no signatures{(IsFrozenGraph ? ": it is a frozen graph" : string.Empty)}",
                "feed and fetch nodes by name (--feed, --fetch, AdHocSignature; 'tfrunner inspect' lists candidates)" + (IsFrozenGraph ? string.Empty : ", or export it with signatures=..."));
        }

        var names = Signatures.Select(static s => s.Name);
        var existing = "signatures there are " + string.Join(", ", names);
        throw name is null
            ? TfRunnerException.ForLoad(ErrorCode.NotFound, $"{Directory} has no signature '{TfRunner.Signature.DefaultName}', and {Signatures.Count} others", "name one: " + existing)
            : TfRunnerException.ForLoad(
                ErrorCode.NotFound,
                $"{Directory} has no signature '{name}'",
                NearestName.Hint(name, names) is { } hint ? $"{hint} {existing}" : existing);
    }

    /// <summary>Makes an entry point of nodes of the graph, for models without signatures and for what their signatures leave out.</summary>
    /// <param name="feeds">What is fed, as <c>node</c> or <c>node:output</c>, in the order in which the inputs come. The inputs bear these names.</param>
    /// <param name="fetches">What is fetched, likewise.</param>
    /// <returns>The signature. Shapes that the graph does not tell accept any.</returns>
    /// <exception cref="TfRunnerException">NotFound, with the nearest name, for what the graph does not have; InvalidArgument for
    /// a name given twice or a node that has no values; Unimplemented when the model does not say the dtype.</exception>
    public Signature AdHocSignature(IEnumerable<string> feeds, IEnumerable<string> fetches)
    {
        ArgumentNullException.ThrowIfNull(feeds);
        ArgumentNullException.ThrowIfNull(fetches);
        return new NodeSignatures(Graph).Make([.. feeds], [.. fetches]);
    }

    /// <summary>The placeholders of the graph, which <see cref="AdHocSignature"/> can feed, in the graph's order; those of saving and of assets left out.</summary>
    /// <returns>One per placeholder.</returns>
    public IReadOnlyList<TensorSpec> FeedCandidates() => new NodeSignatures(Graph).Feeds();

    /// <summary>The tensors that no node of the graph reads, which <see cref="AdHocSignature"/> can fetch; saving and initialising left out.</summary>
    /// <returns>One per output, in the graph's order.</returns>
    public IReadOnlyList<TensorSpec> FetchCandidates() => new NodeSignatures(Graph).Fetches();

    /// <summary>Reads the value that restoring would give a variable of the graph.</summary>
    /// <param name="variable">The variable.</param>
    /// <returns>The value; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">FailedPrecondition when the checkpoint, or its tensor for the variable, is not there;
    /// DataLoss for damaged values and for those that do not fit the variable.</exception>
    internal TensorValue ReadVariable(GraphVariable variable) => VariableReader.Read(
        Checkpoint ?? throw TfRunnerException.ForLoad(
            ErrorCode.FailedPrecondition,
            $"{Directory} has no variables, but the graph needs the one at {variable.Node}",
            "copy the variables directory too, or export the model again"),
        variable);

    /// <summary>Closes the mapped files. Tensors that were read stay valid until they are disposed.</summary>
    public void Dispose()
    {
        Checkpoint?.Dispose();
        foreach (var value in Signatures.SelectMany(static s => s.Defaults.Values))
        {
            value.Dispose();
        }
    }
}
