using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Engines;
using TfRunner.Measurement;
using TfRunner.RecordedCases;

namespace TfRunner.Diagnosis.Tests.Diff;

public class DiffExperimentTests
{
    private readonly List<string> cold = [];

    [Fact]
    public void Every_mode_is_a_row_with_figures_and_differences()
    {
        var report = Run("digits_cnn", new() { Modes = ModeName.Parse("onnx"), MaxTime = TimeInterval.FromSeconds(6) }, CancellationToken.None);
        var batch = Assert.Single(report.Batches);
        Assert.Equal(["onnx:eager", "onnx:graph", "onnx:compiled"], batch.Rows.Select(static r => r.Mode.ToString()));
        Assert.Equal("onnx:compiled", report.Baseline!.ToString());
        Assert.All(batch.Rows, static r => Assert.True(r.Summary!.Count > 0));
        Assert.All(batch.Rows.Where(r => r.Mode != report.Baseline), static r => Assert.Null(r.Difference!.Mismatch));
        Assert.All(batch.Rows, static r => Assert.Equal(TimeInterval.FromMilliseconds(5), r.ColdMedian));
    }

    [Fact]
    public void A_model_that_no_mode_runs_is_a_table_of_reasons()
    {
        var report = Run("py_function", new() { Modes = ModeName.Parse("onnx"), MaxTime = TimeInterval.FromSeconds(6) }, CancellationToken.None);
        Assert.All(report.Batches.Single().Rows, static r => Assert.Contains("PyFunc", r.Reason, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(cold);
    }

    [Fact]
    public void A_mode_whose_process_fails_is_not_run_here()
    {
        var report = Run("affine", new() { Modes = ModeName.Parse("onnx"), MaxTime = TimeInterval.FromSeconds(6) }, CancellationToken.None, "onnx:graph");
        var row = report.Batches.Single().Rows.Single(static r => r.Mode.Mode == "graph");
        Assert.Equal("the process crashed", row.Reason);
        Assert.Null(row.Summary);
    }

    [Fact]
    public void Batch_sizes_are_measured_one_by_one()
    {
        var options = new DiffOptions { Modes = ModeName.Parse("onnx:graph,onnx:compiled"), BatchSizes = [1, 4], MaxTime = TimeInterval.FromSeconds(6) };
        var report = Run("affine", options, CancellationToken.None);
        Assert.Equal([1, 4], report.Batches.Select(static b => b.Batch));
        Assert.Contains("[4]", report.Batches[1].Inputs, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_reports_what_it_has()
    {
        using var cancel = new CancellationTokenSource();
        var report = Run("affine", new() { Modes = ModeName.Parse("onnx"), MaxTime = TimeInterval.FromSeconds(30) }, cancel.Token, progress: what =>
        {
            if (what.StartsWith("round", StringComparison.Ordinal))
            {
                cancel.Cancel();
            }
        });
        Assert.True(report.WasCancelled);
        Assert.Equal(SamplingEnd.Cancelled, report.Batches[0].End);
        Assert.All(report.Batches[0].Rows, static r => Assert.NotNull(r.Summary));
    }

    [Fact]
    public void A_baseline_that_cannot_run_is_an_error()
    {
        var options = new DiffOptions { Modes = ModeName.Parse("onnx"), Baseline = ModeName.Parse("onnx:eager")[0], MaxTime = TimeInterval.FromSeconds(6) };
        var error = Assert.Throws<TfRunnerException>(() => Run("affine", options, CancellationToken.None, "onnx:eager"));
        Assert.Contains("onnx:eager", error.Message, StringComparison.Ordinal);
    }

    private DiffReport Run(string model, DiffOptions options, CancellationToken cancellationToken, string? failing = null, Action<string>? progress = null)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var source = new ModelSource(RecordedModel.Find(model).SavedModelDirectory, new(), new EngineOptions { CacheDirectory = string.Empty }, null);
        return new DiffExperiment(StopwatchClock.Instance, source, options, new Cold(cold, failing)) { Progress = (what, _) => progress?.Invoke(what) }.Run(cancellationToken);
    }

    private sealed class Cold(List<string> seen, string? failing) : IColdCalls
    {
        public ColdCall Measure(ModeName mode, ChosenInputs inputs, TimeInterval limit, CancellationToken cancellationToken)
        {
            seen.Add(mode.ToString());
            return mode.ToString() == failing ? ColdCall.Failed("the process crashed") : new(9e6, 5e6, 1e5, null);
        }
    }
}
