using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Runs a recorded call on the onnx engine.</summary>
internal static class CaseRunner
{
    public static void AssertAgrees(string model, string id, string mode)
    {
        var recorded = RecordedCaseData.Find(model, id);
        using var loaded = Model.Load(
            recorded.Model.SavedModelDirectory,
            new() { Engine = "onnx", SavedModel = recorded.OpenOptions, EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        var obstacles = loaded.Obstacles(signature.Name, mode);
        Assert.SkipWhen(obstacles.Count > 0, string.Join("; ", obstacles));
        using var predictor = loaded.Predictor(signature.Name, mode);
        var outputs = predictor.Predict(recorded.Inputs(signature), TestContext.Current.CancellationToken);
        Assert.Null(recorded.Difference(signature, outputs));
    }
}
