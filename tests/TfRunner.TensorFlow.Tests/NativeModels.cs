using TfRunner.Engines;
using TfRunner.RecordedCases;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace TfRunner.TensorFlow.Tests;

/// <summary>How the tests reach the native library: the one in ../shared. Tests run one after another, so that native objects can be counted.</summary>
internal static class NativeModels
{
    public static EngineOptions Options { get; } = new() { TensorFlowDirectory = SharedFolder.IsPresent ? SharedFolder.NativeLibraryDirectory : null };

    public static Model Load(RecordedModel model, SavedModelOptions? open = null)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        return Model.Load(model.SavedModelDirectory, new() { Engine = "tensorflow", SavedModel = open ?? new(), EngineOptions = Options });
    }

    public static Model Load(string model)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        return Load(RecordedModel.Find(model));
    }
}
