using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Nodes of the graph fed and fetched by name.</summary>
public sealed class NodeFeedTests
{
    [Theory]
    [InlineData("affine", "compiled")]
    [InlineData("multi_io", "compiled")]
    [InlineData("digits_cnn", "graph")]
    [InlineData("multi_io", "eager")]
    public void Nodes_give_what_the_signature_gives(string name, string mode)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(name).Cases[0];
        using var model = Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx" });
        var signature = model.SavedModel.Signature(recorded.Signature);
        using var predictor = model.PredictorFor(
            model.SavedModel.AdHocSignature(signature.Inputs.Select(static i => i.TensorName), signature.Outputs.Select(static o => o.TensorName)), mode);
        Assert.Null(recorded.Difference(signature, predictor.Predict(recorded.Inputs(signature))));
    }
}
