using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

public sealed class OnnxModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-onnx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("affine", 18)]
    [InlineData("digits_cnn", 21)]
    [InlineData("gru_bidirectional", 21)]
    [InlineData("control_flow", 21)]
    [InlineData("multi_io", 19)]
    public void A_written_model_has_the_names_and_gives_the_results(string model, int opset)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(model).Cases[0];
        using var savedModel = SavedModel.Open(recorded.Model.SavedModelDirectory);
        var signature = savedModel.Signature(recorded.Signature);
        var path = Path.Combine(folder, "model.onnx");

        OnnxConverter.Convert(savedModel, signature, new() { Opset = opset }).Save(path);

        Assert.Equal([path], Directory.GetFiles(folder));
        Assert.Null(recorded.Difference(signature, OnnxFile.Run(path, signature, recorded.Inputs(signature))));
    }

    [Fact]
    public void What_runs_in_csharp_is_refused_by_name()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var savedModel = SavedModel.Open(RecordedModel.Find("text_classifier").SavedModelDirectory);

        var error = Assert.Throws<TfRunnerException>(() => OnnxConverter.Convert(savedModel, savedModel.Signature()));

        Assert.Contains("StaticRegexReplace", error.Message, StringComparison.Ordinal);
    }
}
