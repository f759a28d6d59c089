using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

public sealed class EngineOptionsTests
{
    [Theory]
    [InlineData("cuda", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("tensorrt", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("directml", "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData("openvino", "Intel.ML.OnnxRuntime.OpenVino")]
    public void A_provider_that_the_package_lacks_is_named(string provider, string package)
    {
        var error = Assert.Throws<TfRunnerException>(() => Prepare(new() { ExecutionProvider = provider, CacheDirectory = string.Empty }));

        Assert.Equal((ErrorCode.Unavailable, ErrorStage.Engine), (error.Code, error.Stage));
        Assert.Contains($"'{provider}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(package, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abacus", null)]
    [InlineData(null, "fpga")]
    [InlineData(null, "gpu:x")]
    public void An_unknown_provider_or_device_is_refused(string? provider, string? device)
    {
        var error = Assert.Throws<TfRunnerException>(() => Prepare(new() { ExecutionProvider = provider, Device = device, CacheDirectory = string.Empty }));

        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
    }

    [Theory]
    [InlineData("compiled")]
    [InlineData("graph")]
    [InlineData("eager")]
    public void A_write_to_a_variable_is_refused_by_name(string mode)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = Model.Load(RecordedModel.Find("counter_stateful").SavedModelDirectory, new() { Engine = "onnx" });

        Assert.Contains("AssignAddVariableOp", Assert.Single(model.Obstacles("serving_default", mode)), StringComparison.Ordinal);
        Assert.Throws<TfRunnerException>(() => model.Predictor("serving_default", mode));
        Assert.Empty(model.Obstacles("peek", mode));
    }

    private static void Prepare(EngineOptions options)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = Model.Load(RecordedModel.Find("affine").SavedModelDirectory, new() { Engine = "onnx", EngineOptions = options });
        model.Predictor().Dispose();
    }
}
