using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

/// <summary>The recorded calls with the nodes of the graph fed and fetched by name.</summary>
public sealed class NodeFeedTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Cases() => RecordedCaseData.Small();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nodes_give_what_the_signature_gives(string model, string id) => Agrees(model, id, "graph");

    [Theory]
    [InlineData("affine", "function")]
    [InlineData("multi_io", "function")]
    [InlineData("multi_io", "eager")]
    [InlineData("tf1_estimator_style", "eager")]
    public void Nodes_are_fed_in_other_modes_too(string model, string mode) => Agrees(model, RecordedModel.Find(model).Cases[0].Id, mode);

    [Fact]
    public void What_lies_inside_a_graph_can_be_fed_and_fetched()
    {
        using var model = NativeModels.Load("mlnet_model_matmul");
        var inputs = model.SavedModel.Signature().Inputs;
        var fetched = model.SavedModel.Signature().Outputs[0].TensorName;
        using var predictor = model.PredictorFor(model.SavedModel.AdHocSignature([inputs[1].TensorName, inputs[0].TensorName], [fetched]));
        using var b = TensorValue.From<float>([1, 0, 0, 2], 1, 2, 2);
        using var a = TensorValue.From<float>([1, 2, 3, 4], 1, 2, 2);
        using var c = predictor.Predict([b, a])[0];
        Assert.Equal([1f, 4, 3, 8], c.AsSpan<float>().ToArray());
    }

    private static void Agrees(string name, string id, string mode)
    {
        var recorded = RecordedCaseData.Find(name, id);
        using var model = NativeModels.Load(recorded.Model, recorded.OpenOptions);
        var signature = model.SavedModel.Signature(recorded.Signature);
        var feeds = signature.Inputs.DistinctBy(static i => i.TensorName).ToList();
        var fetches = signature.Outputs.DistinctBy(static o => o.TensorName).ToList();
        using var predictor = model.PredictorFor(
            model.SavedModel.AdHocSignature(feeds.Select(static f => f.TensorName), fetches.Select(static f => f.TensorName)), mode);
        var inputs = recorded.Inputs(signature);
        var outputs = predictor.Predict([.. feeds.Select(f => inputs[signature.Inputs.ToList().IndexOf(f)])], TestContext.Current.CancellationToken);
        Assert.Null(recorded.Difference(signature, [.. signature.Outputs.Select(o => outputs[fetches.FindIndex(f => f.TensorName == o.TensorName)])]));
    }
}
