using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

public sealed class ErrorCasesTests
{
    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void An_assertion_in_the_model_comes_out_as_InvalidArgument(string mode)
    {
        using var model = NativeModels.Load("control_flow");
        using var predictor = model.Predictor(null, mode);
        using var n = TensorValue.FromScalar(-1);
        using var flag = TensorValue.FromScalar(false);
        var inputs = predictor.Signature.Inputs.ToDictionary(static i => i.Name, i => i.DType == DType.Bool ? flag : n);

        var error = Assert.Throws<TfRunnerException>(() => predictor.Predict(inputs));

        Assert.Equal((ErrorCode.InvalidArgument, ErrorStage.Run), (error.Code, error.Stage));
        Assert.Contains("n must be >= 0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    [InlineData("xla")]
    public void An_op_that_needs_Python_is_refused_by_name_before_anything_runs(string mode)
    {
        using var model = NativeModels.Load("py_function");

        var obstacle = Assert.Single(model.Obstacles(null, mode));
        Assert.Contains("PyFunc", obstacle, StringComparison.Ordinal);
        var error = Assert.Throws<TfRunnerException>(() => model.Predictor(null, mode));
        Assert.Equal((ErrorCode.Unimplemented, ErrorStage.Load), (error.Code, error.Stage));
        Assert.Contains("PyFunc", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_op_that_the_library_does_not_know_is_refused_with_a_hint_at_op_library()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = NativeModels.Load("tf_trt_tftrt_2_0");

        var error = Assert.Throws<TfRunnerException>(() => model.Predictor(model.Signatures[0].Name, "graph"));

        Assert.Equal(ErrorCode.Unimplemented, error.Code);
        Assert.Contains("is not in this TensorFlow library", error.Message, StringComparison.Ordinal);
        Assert.Contains("--op-library", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_op_library_that_does_not_exist_is_named()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var options = new ModelOptions { Engine = "tensorflow", EngineOptions = NativeModels.Options with { OpLibraries = ["/none/libops.so"] } };

        var error = Assert.Throws<TfRunnerException>(() => Model.Load(RecordedModel.Find("affine").SavedModelDirectory, options));

        Assert.Equal((ErrorCode.NotFound, ErrorStage.Engine), (error.Code, error.Stage));
        Assert.Contains("/none/libops.so", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tpu")]
    [InlineData("gpu:-1")]
    public void A_device_that_does_not_exist_is_wrong_use(string device)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var options = new ModelOptions { Engine = "tensorflow", EngineOptions = NativeModels.Options with { Device = device } };

        var error = Assert.Throws<TfRunnerException>(() => Model.Load(RecordedModel.Find("affine").SavedModelDirectory, options));

        Assert.Equal(ErrorStage.Usage, error.Stage);
    }
}
