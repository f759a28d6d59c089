using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Directories;

/// <summary>Reads which files a meta graph names as assets.</summary>
internal static class AssetReader
{
    private const string TensorFlow1Collection = "saved_model_assets";

    /// <summary>Reads the assets.</summary>
    /// <param name="directory">The model's directory.</param>
    /// <param name="metaGraph">The meta graph.</param>
    /// <returns>The assets in the file's order: an object graph refers to them by index.</returns>
    /// <exception cref="TfRunnerException">PermissionDenied when a name leads out of the directory; DataLoss when the object graph
    /// refers to an asset that is not there.</exception>
    public static IReadOnlyList<SavedModelAsset> Read(string directory, MetaGraphDef metaGraph)
    {
        var definitions = metaGraph.AssetFileDef.Count > 0 ? metaGraph.AssetFileDef : FromCollection(directory, metaGraph);
        foreach (var node in metaGraph.ObjectGraphDef?.Nodes ?? [])
        {
            if (node.KindCase == SavedObject.KindOneofCase.Asset && (uint)node.Asset.AssetFileDefIndex >= (uint)definitions.Count)
            {
                throw TfRunnerException.ForLoad(
                    ErrorCode.DataLoss,
                    FormattableString.Invariant($"{directory}: the object graph refers to asset {node.Asset.AssetFileDefIndex}, but there are {definitions.Count}"));
            }
        }

        return [.. definitions.Select(a => new SavedModelAsset(a.TensorInfo?.Name ?? "", Inside(directory, a.Filename)))];
    }

    private static IReadOnlyList<AssetFileDef> FromCollection(string directory, MetaGraphDef metaGraph)
    {
        try
        {
            return metaGraph.CollectionDef.TryGetValue(TensorFlow1Collection, out var collection)
                ? [.. (collection.AnyList?.Value ?? []).Select(static a => AssetFileDef.Parser.ParseFrom(a.Value))]
                : [];
        }
        catch (InvalidProtocolBufferException e)
        {
            throw TfRunnerException.ForLoad(
                ErrorCode.DataLoss, $"{directory}: the collection '{TensorFlow1Collection}' cannot be read: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Symbolic links may lead anywhere, as model caches store files that way; names may not.
    private static string Inside(string directory, string name)
    {
        var root = Path.Combine(directory, "assets") + Path.DirectorySeparatorChar;
        var isPlain = name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(name);
        var path = isPlain ? Path.GetFullPath(Path.Combine(root, name)) : "";
        return path.StartsWith(root, StringComparison.Ordinal) && path.Length > root.Length
            ? path
            : throw TfRunnerException.ForLoad(
                ErrorCode.PermissionDenied, $"{directory} names the asset '{name}', which is outside its assets directory", "do not trust this model");
    }
}
