using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

public sealed class RecordedCasesTests
{
    /// <summary>What XLA cannot compile although no string goes in or out, and what it is about. Python's jit_compile refuses them too.</summary>
    private static readonly Dictionary<string, string> NotCompiled = new(StringComparer.Ordinal)
    {
        ["tf_cc_AssetModule"] = "ReadFile",
        ["tf_lite_control_flow_v1"] = "Merge",
    };

    public static IEnumerable<TheoryDataRow<string, string>> FirstCases() =>
        SharedFolder.IsPresent
            ? RecordedCaseData.Small().Concat(RecordedCaseData.Wild()).Where(static row => RecordedCaseData.Find(row.Data.Item1, row.Data.Item2).Index == 0)
            : RecordedCaseData.Small();

    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Graph_agrees_with_the_recording(string model, string id) => Agrees(model, id, "graph");

    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Function_agrees_with_the_recording(string model, string id) => Agrees(model, id, "function");

    // One case per signature, and none of the three large networks: each compiles, which takes its time.
    [Theory]
    [MemberData(nameof(FirstCases))]
    public void Xla_agrees_with_the_recording_or_refuses_to_prepare(string model, string id)
    {
        var recorded = RecordedCaseData.Find(model, id);
        using var saved = SavedModel.Open(recorded.Model.SavedModelDirectory, recorded.OpenOptions);
        var signature = saved.Signature(recorded.Signature);
        if (!NotCompiled.ContainsKey(model) && signature.Inputs.Concat(signature.Outputs).All(static t => t.DType != DType.String))
        {
            Agrees(model, id, "xla");
            return;
        }

        using var loaded = NativeModels.Load(recorded.Model, recorded.OpenOptions);
        Assert.Contains(NotCompiled.GetValueOrDefault(model, "string"), string.Join('\n', loaded.Obstacles(recorded.Signature, "xla")), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Unimplemented, Assert.Throws<TfRunnerException>(() => loaded.Predictor(recorded.Signature, "xla")).Code);
    }

    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Eager_agrees_with_the_recording(string model, string id) => Agrees(model, id, "eager");

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
