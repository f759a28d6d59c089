using TfRunner.RecordedCases;

namespace TfRunner.TensorFlowNet.Tests;

/// <summary>Every recorded call through TensorFlow.NET agrees with the recording, as it does on the tensorflow engine.</summary>
public sealed class RecordedCasesTests
{
    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Graph_agrees_with_the_recording(string model, string id) => Agrees(model, id, "graph");

    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Eager_agrees_with_the_recording(string model, string id) => Agrees(model, id, "eager");

    private static void Agrees(string name, string id, string mode)
    {
        var recorded = RecordedCaseData.Find(name, id);
        Assert.SkipUnless(recorded.IsDeterministic, "the recorded results are random");
        using var model = NetModels.Load(recorded.Model, recorded.OpenOptions);
        using var predictor = model.Predictor(recorded.Signature, mode);
        var outputs = predictor.Predict(recorded.Inputs(predictor.Signature), TestContext.Current.CancellationToken);
        Assert.Null(recorded.Difference(predictor.Signature, outputs));
    }
}
