using TfRunner.Diagnosis.Modes;
using TfRunner.Diagnosis.Profiles;
using TfRunner.Engines;
using TfRunner.Measurement;
using TfRunner.RecordedCases;

namespace TfRunner.Diagnosis.Tests.Profiles;

public class ProfileTests
{
    private static readonly ModeName Mode = new("onnx", "compiled");

    [Fact]
    public void Costs_are_medians_over_calls_and_shares_add_up()
    {
        var profile = CallProfile.Of(Mode, [Call(10), Call(30), Call(1000)], 5000);
        Assert.Equal([("b", 60d), ("a", 30d)], profile.Ops.Select(static o => (o.Name, o.Time)));
        Assert.Equal([("MatMul", 3d, 90d)], profile.Types.Select(static t => (t.Name, t.Count, t.Time)));
        Assert.Equal(1, profile.Ops.Sum(static o => o.Share), 9);
    }

    [Theory]
    [InlineData("digits_cnn", "Conv")]
    [InlineData("text_classifier", "Gather")]
    public void The_embedded_engine_tells_its_ops(string model, string op)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var source = new ModelSource(RecordedModel.Find(model).SavedModelDirectory, new(), new EngineOptions { CacheDirectory = string.Empty }, null);
        var (profile, _) = new ProfileExperiment(StopwatchClock.Instance, source, 2, 1, 1).Run(Mode, CancellationToken.None);
        Assert.Null(profile.Reason);
        Assert.Empty(Directory.GetFiles(Directory.GetCurrentDirectory(), "onnxruntime_profile*"));
        Assert.Contains(profile.Types, t => t.Name.Contains(op, StringComparison.Ordinal));
        Assert.All(profile.Last, static o => Assert.True(o is { StartNanoseconds: >= 0, DurationNanoseconds: >= 0 }));
    }

    [Fact]
    public void Op_by_op_each_node_is_timed()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var source = new ModelSource(RecordedModel.Find("digits_cnn").SavedModelDirectory, new(), new EngineOptions { CacheDirectory = string.Empty }, null);
        var (profile, _) = new ProfileExperiment(StopwatchClock.Instance, source, 3, 1, 1).Run(new("onnx", "eager"), CancellationToken.None);
        Assert.Contains(profile.Types, static t => t.Name == "Conv" && t.Count >= 1);
        Assert.All(profile.Ops, static o => Assert.Equal(1, o.Count));
        Assert.InRange(profile.Ops.Sum(static o => o.Time), 1, profile.Span);
    }

    [Fact]
    public void A_mode_that_cannot_be_profiled_says_so()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var engine = new EngineOptions { TensorFlowDirectory = SharedFolder.NativeLibraryDirectory };
        var source = new ModelSource(RecordedModel.Find("affine").SavedModelDirectory, new(), engine, null);
        var (profile, _) = new ProfileExperiment(StopwatchClock.Instance, source, 1, 1, 1).Run(new("tensorflow", "function"), CancellationToken.None);
        Assert.Contains("does not tell the times", profile.Reason, StringComparison.Ordinal);
    }

    // Op a runs once, op b twice as long in two runs.
    private static OpTime[] Call(long nanoseconds) =>
    [
        new("a", "MatMul", 0, nanoseconds, 1, "CPU"),
        new("b", "MatMul", nanoseconds, nanoseconds, 1, "CPU"),
        new("b", "MatMul", 2 * nanoseconds, nanoseconds, 2, "CPU"),
    ];
}
