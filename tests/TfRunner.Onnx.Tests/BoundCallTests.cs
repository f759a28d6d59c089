using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

public sealed class BoundCallTests
{
    [Theory]
    [InlineData("affine", "compiled")]
    [InlineData("digits_cnn", "compiled")]
    [InlineData("lstm_forecast", "compiled")]
    [InlineData("transformer_small", "compiled")]
    [InlineData("affine", "graph")]
    [InlineData("digits_cnn", "graph")]
    [InlineData("lstm_forecast", "graph")]
    [InlineData("transformer_small", "graph")]
    public void A_bound_call_allocates_nothing_and_agrees(string model, string mode)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(model).Cases[0];
        using var loaded = Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name, mode);
        var inputs = recorded.Inputs(signature);
        var outputs = recorded.Outputs(signature).Select(static o => TensorValue.Zeros(o.DType, o.Dimensions)).ToArray();
        using var bound = predictor.Bind(inputs, outputs);
        bound.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();

        bound.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(recorded.Difference(signature, outputs));
    }

    [Fact]
    public void Bound_strings_are_written_by_every_call()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find("many_signatures").Cases.First(static c => c.Signature == "classify");
        using var loaded = Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name);
        var inputs = recorded.Inputs(signature);
        var outputs = recorded.Outputs(signature)
            .Select(static o => o.IsString ? TensorValue.FromStrings([.. o.Strings.Select(static _ => "?"u8.ToArray())], o.Dimensions) : TensorValue.Zeros(o.DType, o.Dimensions))
            .ToArray();
        using var bound = predictor.Bind(inputs, outputs);

        bound.Run();
        Assert.Null(recorded.Difference(signature, outputs));
        var before = GC.GetAllocatedBytesForCurrentThread();
        bound.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
