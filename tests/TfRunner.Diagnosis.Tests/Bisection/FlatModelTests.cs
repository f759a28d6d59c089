using TfRunner.Diagnosis.Bisection;
using TfRunner.RecordedCases;

namespace TfRunner.Diagnosis.Tests.Bisection;

/// <summary>Flat copies of real models, in which all that a signature computes can be fetched.</summary>
public class FlatModelTests
{
    [Theory]
    [InlineData("digits_cnn", "onnx", "Conv2D")]
    [InlineData("digits_cnn", "tensorflow", "Conv2D")]
    [InlineData("transformer_small", "onnx", "Softmax")]
    [InlineData("gru_bidirectional", "tensorflow", "While")]
    [InlineData("tf1_estimator_style", "tensorflow", "")]
    [InlineData("tabular_mixed", "tensorflow", "LookupTableFindV2")]
    public void A_flat_copy_computes_what_the_model_does(string name, string engine, string op)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(name);
        var recording = recorded.Cases[0];
        using var model = SavedModel.Open(recorded.SavedModelDirectory, recording.OpenOptions);
        var signature = model.Signature(recording.Signature);
        using var flat = FlatModel.Write(model, signature);
        Assert.DoesNotContain(flat.Tensors, static t => t.Op.EndsWith("PartitionedCall", StringComparison.Ordinal));
        Assert.Contains(flat.Tensors, t => op.Length == 0 || t.Op.Contains(op, StringComparison.Ordinal));
        using var loaded = Model.Load(flat.SavedModel.Directory, new() { Engine = engine, EngineOptions = new() { CacheDirectory = string.Empty, TensorFlowDirectory = SharedFolder.NativeLibraryDirectory } });
        using var predictor = loaded.Predictor(signature.Name);
        var inputs = recording.Inputs(signature);
        Assert.Null(recording.Difference(signature, predictor.Predict(inputs)));

        // And any tensor inside can be asked for.
        var inner = flat.SavedModel.AdHocSignature(flat.Feeds, flat.Tensors.Where(static t => t.Op != "While").Take(20).Select(static t => t.Name));
        using var looking = loaded.PredictorFor(inner);
        Assert.Equal(inner.Outputs.Count, looking.Predict(inputs).Length);
    }

    [Fact]
    public void The_copy_s_folder_goes_with_it()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("affine").SavedModelDirectory);
        string folder;
        using (var flat = FlatModel.Write(model, model.Signature()))
        {
            folder = flat.SavedModel.Directory;
            Assert.True(File.Exists(Path.Combine(folder, "variables", "variables.index")));
        }

        Assert.False(Directory.Exists(folder));
        Assert.True(File.Exists(Path.Combine(model.Directory, "variables", "variables.index")));
    }
}
