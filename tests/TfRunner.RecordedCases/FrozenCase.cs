using Google.Protobuf;

namespace TfRunner.RecordedCases;

/// <summary>Recorded calls of models without variables, on their graphs written bare, as freezing scripts write them.</summary>
public static class FrozenCase
{
    private static readonly string[] Models = ["mlnet_model_matmul", "mlnet_model_string_test", "serving_matrix_half_plus_two", "tf_lite_control_flow_v1"];

    /// <summary>Rows for theories: each model in each mode, or one skipped row where the recordings are absent.</summary>
    /// <param name="modes">The modes of the engine under test.</param>
    /// <returns>Model name and mode.</returns>
    public static IEnumerable<TheoryDataRow<string, string>> Rows(params string[] modes) =>
        SharedFolder.IsPresent
            ? Models.SelectMany(model => modes.Select(mode => new TheoryDataRow<string, string>(model, mode)))
            : [new("-", "-") { Skip = SharedFolder.Absent }];

    /// <summary>What differs between a recorded call and the same call by node names on the bare graph; null when they agree.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="options">The engine and its options.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The first difference, naming the output.</returns>
    public static string? Difference(string name, string mode, ModelOptions options, CancellationToken cancellationToken)
    {
        var recorded = RecordedModel.Find(name).Cases[0];
        using var whole = SavedModel.Open(recorded.Model.SavedModelDirectory, recorded.OpenOptions);
        var signature = whole.Signature(recorded.Signature);
        var folder = Directory.CreateTempSubdirectory("tfrunner-frozen-").FullName;
        try
        {
            var file = Path.Combine(folder, "frozen.pb");
            File.WriteAllBytes(file, whole.MetaGraph.GraphDef.ToByteArray());
            using var model = Model.Load(file, options);
            using var predictor = model.PredictorFor(
                model.SavedModel.AdHocSignature(signature.Inputs.Select(static i => i.TensorName), signature.Outputs.Select(static o => o.TensorName)), mode);
            return recorded.Difference(signature, predictor.Predict(recorded.Inputs(signature), cancellationToken));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
