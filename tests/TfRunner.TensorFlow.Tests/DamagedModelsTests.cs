using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

/// <summary>Models of other projects that Python TensorFlow cannot run, fuzzed ones among them: they end in an error, not in a crash.</summary>
public sealed class DamagedModelsTests
{
    private static readonly string[] Modes = ["graph", "function", "eager", "xla"];

    public static IEnumerable<TheoryDataRow<string, string>> Models() =>
        SharedFolder.IsPresent
            ? RecordedModel.Wild.Value.Where(static m => m.FailsInPython).SelectMany(static m => Modes.Select(mode => new TheoryDataRow<string, string>(m.Name, mode)))
            : [new("-", "-") { Skip = SharedFolder.Absent }];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_that_Python_cannot_run_gives_results_or_an_error(string name, string mode)
    {
        var recorded = RecordedModel.Find(name);
        try
        {
            using var model = NativeModels.Load(recorded);
            foreach (var signature in model.Signatures)
            {
                using var predictor = model.Predictor(signature.Name, mode);
                var inputs = signature.Inputs.Select(static i => TensorValue.Zeros(
                    i.DType, i.Shape.IsRankKnown ? [.. i.Shape.Dimensions.ToArray().Select(static d => d < 0 ? 1 : d)] : [1])).ToArray();
                Assert.Equal(signature.Outputs.Count, predictor.Predict(inputs, TestContext.Current.CancellationToken).Length);
            }
        }
        catch (TfRunnerException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            Assert.NotEqual(ErrorCode.Ok, e.Code);
        }
    }
}
