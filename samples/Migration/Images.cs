using TfRunner;
using TfRunner.Data.Formats;
using TfRunner.Data.Images;

namespace Migration;

/// <summary>A folder of pictures: decoded, resized to what the signature takes, scaled.</summary>
internal static class Images
{
    public static void Run(string folder, string from, string to)
    {
        #region shown
        using var model = Model.Load(folder);
        using var predictor = model.Predictor();
        var reading = new PictureReading { Preprocess = Preprocessing.Parse("scale:1/255") };
        using var pictures = InputFile.OpenRows(from, predictor.Signature.Inputs, pictures: reading);
        using var results = OutputFile.Create(to, ["probabilities"]);
        while (pictures.Read(maxRows: 32) is { } batch)
        {
            results.Write(predictor.Predict(batch));
        }

        results.Complete();
        #endregion
    }
}
