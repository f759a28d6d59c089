using TfRunner.Graphs;

namespace TfRunner.Diagnosis.Inputs;

/// <summary>Finds words that a model's lookup tables know: lines of vocabulary files and string constants that fill tables.</summary>
internal static class Vocabulary
{
    private const int MaxWords = 1000;
    private const int MaxLength = 200;

    /// <summary>The words, at most a thousand.</summary>
    /// <param name="savedModel">The model.</param>
    /// <param name="signature">Only the tables that it reaches count.</param>
    /// <returns>The words as bytes; empty when the model has none.</returns>
    public static IReadOnlyList<byte[]> Words(SavedModel savedModel, Signature signature)
    {
        var words = new List<byte[]>();
        try
        {
            foreach (var table in savedModel.Graph.Reach(signature).Tables)
            {
                Add(words, FromAsset(table));
                Add(words, FromConstants(table));
            }
        }
        catch (Exception e) when (e is TfRunnerException or IOException or UnauthorizedAccessException)
        {
            // A model whose tables cannot be read is called with made-up words.
        }

        return words;
    }

    private static void Add(List<byte[]> words, IEnumerable<byte[]> found) =>
        words.AddRange(found.Where(static w => w.Length is > 0 and <= MaxLength).Take(MaxWords - words.Count));

    private static IEnumerable<byte[]> FromAsset(GraphTable table) =>
        table.Asset is { } asset && File.Exists(asset.Path)
            ? File.ReadLines(asset.Path).Take(MaxWords).Select(static line => System.Text.Encoding.UTF8.GetBytes(line.Split('\t')[0]))
            : [];

    private static IEnumerable<byte[]> FromConstants(GraphTable table)
    {
        if (table.Initializer is null || table.InitializerBody is not { } body || body.Find(table.Initializer.Node) is not { } node)
        {
            yield break;
        }

        foreach (var input in node.Input)
        {
            if (body.Resolve(input) is { } source && source.Node >= 0 && body.Nodes[source.Node] is { Op: "Const" } constant
                && constant.Attr.TryGetValue("value", out var value) && value.Tensor is { } tensor && (DType)tensor.Dtype == DType.String)
            {
                foreach (var text in tensor.StringVal)
                {
                    yield return text.ToByteArray();
                }
            }
        }
    }
}
