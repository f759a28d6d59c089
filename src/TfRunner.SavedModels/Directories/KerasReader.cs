using System.Text.Json;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Directories;

/// <summary>Reads what Keras left in a SavedModel: <c>keras_metadata.pb</c> (2.5 to 2.15), metadata in the object graph (before),
/// or the shape of the object graph that Keras 3's export makes.</summary>
internal static class KerasReader
{
    private const string KerasPrefix = "_tf_keras_";

    /// <summary>Reads it.</summary>
    /// <param name="directory">The model's directory.</param>
    /// <param name="metaGraph">The meta graph.</param>
    /// <returns>What is known, or null when Keras did not write the model.</returns>
    /// <exception cref="TfRunnerException">DataLoss when <c>keras_metadata.pb</c> is damaged.</exception>
    public static KerasInfo? Read(string directory, MetaGraphDef metaGraph)
    {
        var file = SavedModelFile.ReadOptional(KerasMetadata.Parser, Path.Combine(directory, "keras_metadata.pb"));
        var nodes = metaGraph.ObjectGraphDef?.Nodes ?? [];
        var objects = (file?.Nodes ?? []).Select(static n => (n.Identifier, n.Metadata, IsRoot: n.NodeId == 0))
            .Concat(nodes.Select(static (n, i) => (Identifier: n.UserObject?.Identifier ?? "", Metadata: n.UserObject?.Metadata ?? "", IsRoot: i == 0)))
            .Where(static o => o.Identifier.StartsWith(KerasPrefix, StringComparison.Ordinal) && o.Identifier != "_tf_keras_metric");
        string? version = null;
        string? className = null;
        var isKeras2 = false;
        var layers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (_, metadata, isRoot) in objects)
        {
            isKeras2 = true;
            var (name, itsVersion) = Parse(metadata);
            version ??= itsVersion;
            className ??= isRoot ? name : null;
            if (name is not null && !isRoot)
            {
                layers.Add(name);
            }
        }

        if (isKeras2)
        {
            return new(version, IsKeras3Export: false, className, [.. layers]);
        }

        // ExportArchive tracks these two under the root; nothing else names children so.
        var children = nodes.Count == 0 ? [] : nodes[0].Children.Select(static c => c.LocalName).ToHashSet(StringComparer.Ordinal);
        return children.Contains("_misc_assets") && children.Contains("_all_variables")
            ? new(null, IsKeras3Export: true, null, [])
            : null;
    }

    private static (string? ClassName, string? Version) Parse(string metadata)
    {
        if (metadata.Length == 0)
        {
            return default;
        }

        try
        {
            using var json = JsonDocument.Parse(metadata, new() { MaxDepth = 256 });
            return (Text(json.RootElement, "class_name"), Text(json.RootElement, "keras_version"));
        }
        catch (JsonException)
        {
            // Older versions wrote metadata that is not quite JSON; it describes, and nothing depends on it.
            return default;
        }
    }

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Text that is no valid UTF-16 after its escapes.
            return null;
        }
    }
}
