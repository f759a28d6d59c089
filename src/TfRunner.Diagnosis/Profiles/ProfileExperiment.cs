using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Engines;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Profiles;

/// <summary>Finds where a call's time goes, op by op. A mode that cannot be profiled says why.</summary>
/// <param name="clock">The clock.</param>
/// <param name="source">The model.</param>
/// <param name="calls">How many calls to profile in each mode; 1 or more.</param>
/// <param name="batch">Rows per call; null takes the user's inputs whole, or one row.</param>
/// <param name="seed">Decides random inputs.</param>
internal sealed class ProfileExperiment(IMeasurementClock clock, ModelSource source, int calls, int? batch, ulong seed)
{
    private static readonly TimeInterval WarmUpCap = TimeInterval.FromSeconds(3);
    private static readonly TimeInterval ProfileCap = TimeInterval.FromSeconds(10);
    private static readonly TimeInterval GuessCap = TimeInterval.FromSeconds(10);

    /// <summary>What a mode takes at most, once it is loaded and its inputs are found.</summary>
    public static TimeInterval Cap { get; } = new(WarmUpCap.Nanoseconds + ProfileCap.Nanoseconds);

    /// <summary>Told what is being done and what the mode still takes, about.</summary>
    public Action<string, TimeInterval>? Progress { get; init; }

    /// <summary>The user's own inputs for a signature; null makes random ones.</summary>
    public Func<Signature, (TensorValue[] Tensors, string Source)>? OwnInputs { get; init; }

    /// <summary>Profiles one mode.</summary>
    /// <param name="mode">The mode.</param>
    /// <param name="cancellationToken">Ends it; the calls so far count when there are any.</param>
    /// <returns>The profile and what the inputs were.</returns>
    public (CallProfile Profile, string Inputs) Run(ModeName mode, CancellationToken cancellationToken)
    {
        try
        {
            Progress?.Invoke($"loading {mode}", Cap);
            using var model = source.Load(mode.Engine);
            using var predictor = model.Predictor(source.Signature, mode.Mode);
            using var inputs = Choose(model.SavedModel, predictor, cancellationToken);
            var call = new ModeCall(predictor, inputs.Tensors, CancellationToken.None);
            Progress?.Invoke($"warming up {mode}", Cap);
            WarmUp.Run(clock, new("call", call.Run), WarmUpCap, cancellationToken);
            var plain = new SampleSeries("plain");
            var began = clock.Now;
            var until = began + clock.ToTicks(ProfileCap);
            var profiles = new List<IReadOnlyList<OpTime>>();
            for (var i = 0; i < calls && (i == 0 || (!cancellationToken.IsCancellationRequested && clock.Now < until)); i++)
            {
                var each = i == 0 ? 0 : clock.ToInterval(clock.Now - began).Nanoseconds / i;
                Progress?.Invoke(
                    FormattableString.Invariant($"profiling {mode}, call {i + 1} of {calls}"),
                    i == 0 ? ProfileCap : new(Math.Min(each * (calls - i), clock.ToInterval(until - clock.Now).Nanoseconds)));
                TimedCall.Run(clock, call.Run, plain, i);
                profiles.Add(predictor.Profile(inputs.Tensors));
            }

            // The first profiled call pays for setting tracing up.
            var counted = profiles.Count > 2 ? profiles[1..] : profiles;
            return (CallProfile.Of(mode, counted, Percentiles.Median(plain.Nanoseconds(clock))), inputs.Description);
        }
        catch (TfRunnerException e) when (e.Stage is ErrorStage.Engine or ErrorStage.Load or ErrorStage.Usage or ErrorStage.Run)
        {
            return (CallProfile.Failed(mode, e.Message), string.Empty);
        }
    }

    private ChosenInputs Choose(SavedModel savedModel, Predictor predictor, CancellationToken cancellationToken)
    {
        var chooser = new InputChooser(savedModel, predictor.Signature, seed);
        if (OwnInputs?.Invoke(predictor.Signature) is { } own)
        {
            return chooser.Own(own.Tensors, batch, own.Source);
        }

        var until = clock.Now + clock.ToTicks(GuessCap);
        return chooser.Find(batch ?? 1, 0, t => new ModeCall(predictor, t, cancellationToken).Run(), () => clock.Now > until);
    }
}
