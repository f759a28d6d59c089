using Microsoft.Extensions.Time.Testing;
using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Tests.Pipeline;

/// <summary>What Auto does and what the report says, stepped with a clock that moves only when told.</summary>
public sealed class TuningAndReportTests
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheReportNamesTheStageThatTheConsumerWaitsFor()
    {
        var run = Dataset.Range(0, 10)
            .Map(x => Work(x, 1), "resize")
            .Map(x => Work(x, 83), "decode")
            .Start(new() { Time = time }, Token);
        await foreach (var _ in run)
        {
            time.Advance(TimeSpan.FromMilliseconds(16));
        }

        var report = run.Report();
        Assert.Equal("decode is the bottleneck: 84 % of the time the model waited", report.Bottleneck);
        Assert.Equal(TimeSpan.FromMilliseconds(1000), report.Elapsed);
        Assert.Equal(TimeSpan.FromMilliseconds(830), report.Stages[2].Busy);
        Assert.Equal(["range", "resize", "decode"], report.Stages.Select(static s => s.Name));
        Assert.All(report.Stages, static s => Assert.Equal(10, s.Elements));
    }

    [Fact]
    public async Task AConsumerThatHardlyWaitsIsTheBottleneck()
    {
        var run = Dataset.Range(0, 10).Map(x => Work(x, 1)).Start(new() { Time = time }, Token);
        await foreach (var _ in run)
        {
            time.Advance(TimeSpan.FromMilliseconds(99));
        }

        Assert.Equal("the model is the bottleneck: it waited 1 % of the time", run.Report().Bottleneck);
    }

    [Fact]
    public async Task AWaitingConsumerGetsTheSlowStageMoreCalls()
    {
        var run = Dataset.Range(0, 40).Map(x => Work(x, 50), Dataset.Auto, name: "decode")
            .Start(new() { Time = time, TuningPeriod = Period, MaxParallelCalls = 3 }, Token);
        var most = 0;
        await foreach (var _ in run)
        {
            most = Math.Max(most, run.Report().Stages[1].ParallelCalls);
        }

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task ABusyConsumerTakesNeedlessCallsBack()
    {
        var calls = new AdjustableGate(4);
        await using var run = new PipelineRun(new() { Time = time, TuningPeriod = Period }, Token);
        var stage = run.AddStage("decode");
        run.Tune(calls, stage, isBuffer: false, static () => 0);
        run.BeginWait();
        run.EndWait();
        for (var i = 0; i < 4; i++)
        {
            var since = stage.Now();
            stage.CountElement();
            time.Advance(TimeSpan.FromMilliseconds(10));
            stage.AddBusy(since);
            time.Advance(TimeSpan.FromMilliseconds(90));
        }

        Assert.Equal(1, calls.Limit);
    }

    [Fact]
    public async Task BuffersGrowWhileTheConsumerWaitsAndStopAtTheMemoryBudget()
    {
        var buffer = new AdjustableGate(2);
        await using var run = new PipelineRun(new() { Time = time, TuningPeriod = Period, MemoryBudget = 1000 }, Token);
        var stage = run.AddStage("prefetch");
        run.Tune(buffer, stage, isBuffer: true, static () => 100);
        run.BeginWait();
        foreach (var expected in new[] { 4, 8, 8 })
        {
            await FillAndEmpty(buffer);
            time.Advance(Period);
            Assert.Equal(expected, buffer.Limit);
        }
    }

    [Fact]
    public async Task ABufferThatIsNeverFullDoesNotGrow()
    {
        var buffer = new AdjustableGate(4);
        await using var run = new PipelineRun(new() { Time = time, TuningPeriod = Period }, Token);
        run.Tune(buffer, run.AddStage("prefetch"), isBuffer: true, static () => 100);
        run.BeginWait();
        await buffer.EnterAsync(Token);
        time.Advance(Period);
        time.Advance(Period);
        Assert.Equal(4, buffer.Limit);
    }

    [Fact]
    public async Task ParallelCallsStopAtTheMemoryBudget()
    {
        var calls = new AdjustableGate(1);
        await using var run = new PipelineRun(new() { Time = time, TuningPeriod = Period, MemoryBudget = 250, MaxParallelCalls = 8 }, Token);
        var stage = run.AddStage("decode");
        run.Tune(calls, stage, isBuffer: false, static () => 100);
        run.BeginWait();
        for (var i = 0; i < 5; i++)
        {
            var since = stage.Now();
            time.Advance(Period / 2);
            stage.AddBusy(since);
            time.Advance(Period / 2);
        }

        Assert.Equal(2, calls.Limit);
    }

    private static async Task FillAndEmpty(AdjustableGate buffer)
    {
        var limit = buffer.Limit;
        for (var i = 0; i < limit; i++)
        {
            await buffer.EnterAsync(Token);
        }

        for (var i = 0; i < limit; i++)
        {
            buffer.Leave();
        }
    }

    private long Work(long x, int milliseconds)
    {
        time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return x;
    }
}
