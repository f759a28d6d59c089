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

        Assert.Contains("StaticRegexReplace 'functional_1/text_vectorization_1/StaticRegexReplace' of function", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("StridedSlice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_in_csharp_inside_a_loop_is_refused_by_its_own_name()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var savedModel = SavedModel.Open(RecordedModel.Find("jpeg_bytes").SavedModelDirectory);

        var error = Assert.Throws<TfRunnerException>(() => OnnxConverter.Convert(savedModel, savedModel.Signature()));

        Assert.Contains("DecodeImage 'map/while/", error.Message, StringComparison.Ordinal);
        Assert.Contains("/DecodeImage' of function 'map_while_body", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("TensorList", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_with_lookups_converts_as_a_whole()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find("tabular_mixed").Cases[0];
        using var savedModel = SavedModel.Open(recorded.Model.SavedModelDirectory);
        var signature = savedModel.Signature(recorded.Signature);
        var path = Path.Combine(folder, "model.onnx");

        var converted = OnnxConverter.Convert(savedModel, signature);
        converted.Save(path);

        Assert.Contains("LabelEncoder", converted.Operators.Keys);
        Assert.Null(recorded.Difference(signature, OnnxFile.Run(path, signature, recorded.Inputs(signature))));
    }

    [Fact]
    public void Ops_that_run_in_csharp_are_noted_with_where_they_are()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var savedModel = SavedModel.Open(RecordedModel.Find("text_classifier").SavedModelDirectory);
        using var loaded = new OnnxLoadedModel(savedModel, new());

        Assert.Empty(loaded.Obstacles(savedModel.Signature(), "compiled"));
        Assert.Contains(loaded.Notes(savedModel.Signature(), "compiled"), static n => n.StartsWith("runs StringLower 'functional_1/", StringComparison.Ordinal));
    }
}
