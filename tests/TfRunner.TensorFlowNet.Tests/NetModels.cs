using TfRunner.Engines;
using TfRunner.RecordedCases;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace TfRunner.TensorFlowNet.Tests;

/// <summary>Models on the tensorflow.net engine, with the native library in ../shared.</summary>
internal static class NetModels
{
    public static EngineOptions Options { get; } = new() { TensorFlowDirectory = SharedFolder.IsPresent ? SharedFolder.NativeLibraryDirectory : null };

    public static Model Load(RecordedModel model, SavedModelOptions? open = null, string engine = "tensorflow.net") =>
        Model.Load(model.SavedModelDirectory, new() { Engine = engine, SavedModel = open ?? new(), EngineOptions = Options });

    public static Model Load(string model, string engine = "tensorflow.net")
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        return Load(RecordedModel.Find(model), null, engine);
    }
}
