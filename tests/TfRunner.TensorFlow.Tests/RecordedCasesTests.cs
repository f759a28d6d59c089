using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

public sealed class RecordedCasesTests
{
    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Graph_agrees_with_the_recording(string model, string id) => Agrees(model, id, "graph");

    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Function_agrees_with_the_recording(string model, string id) => Agrees(model, id, "function");

    private static void Agrees(string name, string id, string mode)
    {
        var recorded = RecordedCaseData.Find(name, id);
        Assert.SkipUnless(recorded.IsDeterministic, "the recorded results are random");
        using var model = NativeModels.Load(recorded.Model, recorded.OpenOptions);
        using var predictor = model.Predictor(recorded.Signature, mode);
        var outputs = predictor.Predict(recorded.Inputs(predictor.Signature), TestContext.Current.CancellationToken);
        Assert.Null(recorded.Difference(predictor.Signature, outputs));
    }
}
