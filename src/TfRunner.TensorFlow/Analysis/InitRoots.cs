using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>The op that initialises a model after its variables are restored, in the forms that exporters have used.</summary>
internal static class InitRoots
{
    private const string SignatureName = "__saved_model_init_op";
    private static readonly string[] Collections = ["saved_model_main_op", "legacy_init_op"];

    /// <summary>Finds it.</summary>
    /// <returns>The node's name; nothing when the model has none.</returns>
    public static IReadOnlyList<string> Find(MetaGraphDef metaGraph)
    {
        if (metaGraph.SignatureDef.TryGetValue(SignatureName, out var signature))
        {
            return [.. signature.Outputs.Values.Select(static o => TensorName.Parse(o.Name).Node)];
        }

        foreach (var collection in Collections)
        {
            if (metaGraph.CollectionDef.TryGetValue(collection, out var value) && value.NodeList?.Value.Count > 0)
            {
                return [.. value.NodeList.Value.Select(static n => TensorName.Parse(n).Node)];
            }
        }

        return [];
    }
}
