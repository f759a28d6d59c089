using Google.Protobuf;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>The graphs of models without variables, written bare as freezing scripts write them, give what the models give.</summary>
public sealed class FrozenGraphTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-frozen-").FullName;

    public static IEnumerable<TheoryDataRow<string, string>> Models() =>
        SharedFolder.IsPresent
            ? new[] { "mlnet_model_matmul", "mlnet_model_string_test", "serving_matrix_half_plus_two", "tf_lite_control_flow_v1" }.SelectMany(static m => new[] { "graph", "compiled", "eager" }.Select(mode => new TheoryDataRow<string, string>(m, mode)))
            : [new("-", "-") { Skip = SharedFolder.Absent }];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_frozen_graph_gives_what_was_recorded(string name, string mode)
    {
        var recorded = RecordedModel.Find(name).Cases[0];
        using var whole = SavedModel.Open(recorded.Model.SavedModelDirectory, recorded.OpenOptions);
        var signature = whole.Signature(recorded.Signature);
        var file = Path.Combine(folder, "frozen.pb");
        File.WriteAllBytes(file, whole.MetaGraph.GraphDef.ToByteArray());

        using var model = Model.Load(file, new() { Engine = "onnx", EngineOptions = new() });
        using var predictor = model.PredictorFor(
            model.SavedModel.AdHocSignature(signature.Inputs.Select(static i => i.TensorName), signature.Outputs.Select(static o => o.TensorName)), mode);
        var outputs = predictor.Predict(recorded.Inputs(signature), TestContext.Current.CancellationToken);

        Assert.Null(recorded.Difference(signature, outputs));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
