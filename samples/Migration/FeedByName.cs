using NumSharp;
using TfRunner;

namespace Migration;

/// <summary>Nodes of the graph, fed and fetched by name.</summary>
internal static class FeedByName
{
    public static void Run(string folder)
    {
        #region shown
        using var model = Model.Load(folder);
        using var predictor = model.PredictorFor(model.SavedModel.AdHocSignature(
            feeds: ["serving_default_image"],
            fetches: ["StatefulPartitionedCall_1:0"]));

        NDArray images = np.zeros(new Shape(2, 8, 8, 1), NPTypeCode.Single);
        NDArray probabilities = predictor.Predict([images])[0];

        Console.WriteLine($"{probabilities.shape[0]} rows of {probabilities.shape[1]}");
        #endregion
    }
}
