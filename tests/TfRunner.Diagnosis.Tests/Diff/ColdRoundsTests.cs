using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Tests.Diff;

public sealed class ColdRoundsTests : IColdCalls, IMeasurementClock
{
    private static readonly ModeName[] Modes = [.. ModeName.Parse("onnx")];
    private readonly ChosenInputs inputs = new(1, [], -1, "none");
    private readonly List<string> seen = [];
    private readonly Dictionary<string, TimeInterval> costs = [];
    private string? failing;

    public long TicksPerSecond => 1_000_000_000;

    public long Now { get; private set; }

    [Fact]
    public void Every_mode_has_a_first_call_before_any_has_a_second()
    {
        Rounds(2).Begin(Modes, Budget(100), CancellationToken.None);
        Assert.Equal(["eager", "graph", "compiled", "eager", "graph", "compiled"], seen);
    }

    [Fact]
    public void First_calls_begin_only_in_the_first_third_of_the_time()
    {
        var cold = Rounds(3);
        costs["eager"] = TimeInterval.FromSeconds(4);
        cold.Begin(Modes, Budget(10), CancellationToken.None);
        Assert.Equal(["eager"], seen);
        Assert.Empty(cold.Of(Modes[1]));
    }

    [Fact]
    public void What_is_missing_is_made_up_for_at_the_end_as_far_as_it_fits()
    {
        var cold = Rounds(1);
        costs["eager"] = TimeInterval.FromSeconds(4);
        cold.Begin(Modes, Budget(10), CancellationToken.None);
        cold.Complete(new Dictionary<ModeName, TimeInterval> { [Modes[1]] = TimeInterval.FromSeconds(1), [Modes[2]] = TimeInterval.FromSeconds(90) }, Budget(10), CancellationToken.None);
        Assert.Equal(["eager", "graph"], seen);
        Assert.Single(cold.Of(Modes[1]));
    }

    [Fact]
    public void A_failure_ends_its_mode()
    {
        failing = "graph";
        var cold = Rounds(2);
        cold.Begin(Modes, Budget(100), CancellationToken.None);
        Assert.Equal(["eager", "graph", "compiled", "eager", "compiled"], seen);
        Assert.Equal("it crashed", Assert.Single(cold.Of(Modes[1])).Failure);
    }

    [Fact]
    public void A_process_that_is_late_at_the_end_is_no_failure()
    {
        failing = "graph";
        var cold = Rounds(1);
        cold.Complete(new Dictionary<ModeName, TimeInterval> { [Modes[1]] = TimeInterval.FromSeconds(1) }, Budget(10), CancellationToken.None);
        Assert.Empty(cold.Of(Modes[1]));
    }

    ColdCall IColdCalls.Measure(ModeName mode, ChosenInputs inputs, TimeInterval limit, CancellationToken cancellationToken)
    {
        seen.Add(mode.Mode);
        Now += this.ToTicks(costs.GetValueOrDefault(mode.Mode, TimeInterval.FromSeconds(1)));
        return mode.Mode == failing ? ColdCall.Failed("it crashed") : new(9e8, 1e8, 1e6, null);
    }

    void IMeasurementClock.WaitUntil(long ticks, CancellationToken cancellationToken) => Now = ticks;

    private ColdRounds Rounds(int repeats) => new(this, repeats, inputs, null);

    private TimeBudget Budget(double seconds) => new(this, Now + (long)(seconds * 1e9));
}
