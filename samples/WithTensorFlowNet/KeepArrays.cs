using Tensorflow;
using Tensorflow.NumPy;
using TfRunner;
using TfRunner.TensorFlowNet;

namespace WithTensorFlowNet;

/// <summary>A program that keeps its arrays of TensorFlow.NET and lets TfRunner find out what to feed.</summary>
internal static class KeepArrays
{
    public static void Run(string folder)
    {
        #region shown
        using var model = Model.Load(folder, new() { Engine = "tensorflow.net" });
        using var predictor = model.Predictor("serving_default", "graph");

        NDArray images = np.zeros(new Shape(2, 8, 8, 1), dtype: np.float32);
        using var input = images.AsTensorValue();
        using var output = predictor.Predict([input])[0];
        NDArray probabilities = output.AsTensorFlowArray();

        Console.WriteLine($"{probabilities.dims[0]} rows of {probabilities.dims[1]}");
        #endregion
    }
}
