using NumSharp;
using TfRunner;

namespace Migration;

/// <summary>A graph without variables and signatures, in a file of its own.</summary>
internal static class FrozenGraph
{
    public static void Run(string graph)
    {
        #region shown
        using var model = Model.Load(graph);
        foreach (var node in model.SavedModel.FeedCandidates())
        {
            Console.WriteLine($"can be fed: {node}");
        }

        using var predictor = model.PredictorFor(model.SavedModel.AdHocSignature(feeds: ["x"], fetches: ["y"]));

        NDArray y = predictor.Predict([np.array(1f, 2f, 3f)])[0];

        Console.WriteLine($"y = {string.Join(", ", y.ToArray<float>())}");
        #endregion
    }
}
