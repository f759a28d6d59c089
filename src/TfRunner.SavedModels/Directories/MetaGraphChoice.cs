using TfRunner.SavedModels.Protos;

namespace TfRunner.Directories;

/// <summary>Chooses among the meta graphs of a SavedModel by their tags.</summary>
internal static class MetaGraphChoice
{
    private const string Serve = "serve";

    /// <summary>Chooses one.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="metaGraphs">What there is.</param>
    /// <param name="tags">The tags to match exactly, in any order; null takes <c>serve</c> alone, else the first that contains it, else the only one.</param>
    /// <returns>The meta graph.</returns>
    /// <exception cref="TfRunnerException">NotFound, listing the tags that exist.</exception>
    public static MetaGraphDef Choose(string path, IReadOnlyList<MetaGraphDef> metaGraphs, IReadOnlyCollection<string>? tags)
    {
        if (tags is not null)
        {
            return metaGraphs.FirstOrDefault(m => tags.ToHashSet(StringComparer.Ordinal).SetEquals(Tags(m)))
                ?? throw NotFound($"{path} has no meta graph with tags {Format(tags)}", metaGraphs);
        }

        return metaGraphs.FirstOrDefault(static m => Tags(m) is [Serve])
            ?? metaGraphs.FirstOrDefault(static m => Tags(m).Contains(Serve))
            ?? (metaGraphs.Count == 1 ? metaGraphs[0] : throw NotFound($"{path} has no meta graph tagged '{Serve}'", metaGraphs));
    }

    /// <summary>The tags of a meta graph.</summary>
    /// <param name="metaGraph">The meta graph.</param>
    /// <returns>The tags in the file's order.</returns>
    public static IReadOnlyList<string> Tags(MetaGraphDef metaGraph) => metaGraph.MetaInfoDef?.Tags is { } tags ? [.. tags] : [];

    private static TfRunnerException NotFound(string message, IReadOnlyList<MetaGraphDef> metaGraphs) =>
        TfRunnerException.ForLoad(ErrorCode.NotFound, message, "there are: " + string.Join("; ", metaGraphs.Take(20).Select(static m => Format(Tags(m)))));

    private static string Format(IEnumerable<string> tags) => string.Join(",", tags) is { Length: > 0 } text ? text : "(no tags)";
}
