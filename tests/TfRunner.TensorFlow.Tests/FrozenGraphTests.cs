using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

/// <summary>The graphs of models without variables, written bare as freezing scripts write them, give what the models give.</summary>
public sealed class FrozenGraphTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Models() => FrozenCase.Rows("graph", "function", "eager");

    [Theory]
    [MemberData(nameof(Models))]
    public void A_frozen_graph_gives_what_was_recorded(string name, string mode) =>
        Assert.Null(FrozenCase.Difference(name, mode, new() { Engine = "tensorflow", EngineOptions = NativeModels.Options }, TestContext.Current.CancellationToken));
}
