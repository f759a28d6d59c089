using NumSharp;
using TfRunner;

namespace Migration;

/// <summary>A SavedModel, called through its signature with NumSharp's arrays.</summary>
internal static class LoadAndPredict
{
    public static void Run(string folder)
    {
        #region shown
        using var model = Model.Load(folder);
        using var predictor = model.Predictor("serving_default");

        NDArray images = np.zeros(new Shape(2, 8, 8, 1), NPTypeCode.Single);
        var outputs = predictor.Predict(new Dictionary<string, NDArray> { ["image"] = images });

        Console.WriteLine($"class {np.argmax(outputs["probabilities"][0])}");
        #endregion
    }
}
