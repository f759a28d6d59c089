using TfRunner.Checkpoints;
using TfRunner.SavedModels.Protos;

namespace TfRunner;

/// <summary>
/// A SavedModel directory, read but never run: signatures, graph, functions, variables, assets.
/// Variables stay in the memory-mapped shards until they are asked for. May be used from many threads.
/// </summary>
public sealed class SavedModel : IDisposable
{
    private SavedModel(string directory, MetaGraphDef metaGraph, IReadOnlyList<Signature> signatures)
    {
        Directory = directory;
        MetaGraph = metaGraph;
        Signatures = signatures;
        Tags = [.. metaGraph.MetaInfoDef.Tags];
        var prefix = Path.Combine(directory, "variables", "variables");
        Checkpoint = File.Exists(prefix + ".index") ? Checkpoint.Open(prefix) : null;
    }

    /// <summary>The variables' values; null when the model has no variables.</summary>
    public Checkpoint? Checkpoint { get; }

    /// <summary>The directory that holds <c>saved_model.pb</c>, absolute; the chosen version's where versions were given.</summary>
    public string Directory { get; }

    /// <summary>The tags of the meta graph in use.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The entry points, in ordinal order of their names.</summary>
    public IReadOnlyList<Signature> Signatures { get; }

    internal MetaGraphDef MetaGraph { get; }

    /// <summary>Opens a SavedModel.</summary>
    /// <param name="path">The directory, a directory of numbered versions, or the <c>.pb</c> or <c>.pbtxt</c> file.</param>
    /// <param name="options">Which meta graph and version to take; null takes the defaults.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">NotFound when there is no SavedModel at <paramref name="path"/>;
    /// DataLoss when a file is damaged.</exception>
    public static SavedModel Open(string path, SavedModelOptions? options = null)
    {
        _ = options;
        var file = Path.Combine(path, "saved_model.pb");
        if (!File.Exists(file))
        {
            throw TfRunnerException.ForLoad(ErrorCode.NotFound, $"{path} holds no saved_model.pb");
        }

        using var stream = File.OpenRead(file);
        var proto = SavedModels.Protos.SavedModel.Parser.ParseFrom(stream);
        var meta = proto.MetaGraphs[0];
        var signatures = meta.SignatureDef
            .OrderBy(static s => s.Key, StringComparer.Ordinal)
            .Select(static s => new Signature(s.Key, s.Value.MethodName, Specs(s.Value.Inputs), Specs(s.Value.Outputs)))
            .ToList();
        return new(Path.GetFullPath(path), meta, signatures);
    }

    /// <summary>Finds an entry point.</summary>
    /// <param name="name">Its name; null takes <c>serving_default</c>, or the only one.</param>
    /// <returns>The signature.</returns>
    /// <exception cref="TfRunnerException">NotFound, naming those that exist.</exception>
    public Signature Signature(string? name = null)
    {
        return Signatures.FirstOrDefault(s => s.Name == (name ?? TfRunner.Signature.DefaultName))
            ?? throw TfRunnerException.ForLoad(ErrorCode.NotFound, $"{Directory} has no signature '{name}'");
    }

    /// <summary>Closes the mapped files. Tensors over them must no longer be used.</summary>
    public void Dispose() => Checkpoint?.Dispose();

    private static List<TensorSpec> Specs(IDictionary<string, TensorInfo> infos) =>
        [.. infos.OrderBy(static i => i.Key, StringComparer.Ordinal)
            .Select(static i => new TensorSpec(i.Key, (DType)i.Value.Dtype, Shape(i.Value.TensorShape), i.Value.Name))];

    private static TensorShape Shape(TensorShapeProto? shape) =>
        shape is null || shape.UnknownRank ? TensorShape.Unknown : TensorShape.Of([.. shape.Dim.Select(static d => d.Size)]);
}
