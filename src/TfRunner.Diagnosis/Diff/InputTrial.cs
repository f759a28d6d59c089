using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>Finds inputs that the model takes, by trying guesses on the mode that is cheapest to start.</summary>
/// <param name="clock">The clock.</param>
/// <param name="subject">The model.</param>
/// <param name="options">What is asked.</param>
/// <param name="budget">The time for all of the experiment, of which this takes a part.</param>
/// <param name="reasons">Why modes cannot run; those that fail here are added.</param>
internal sealed class InputTrial(IMeasurementClock clock, DiffSubject subject, DiffOptions options, TimeBudget budget, Dictionary<ModeName, string> reasons)
{
    /// <summary>The share of the time in which inputs must be found that the model takes.</summary>
    private const double ChoosingShare = 0.7;

    /// <summary>The share of that time which one engine may use up before another is tried.</summary>
    private const double EngineShare = 0.7;

    /// <summary>What the first call took of the modes that were tried on the model that is measured.</summary>
    public Dictionary<ModeName, TimeInterval> FirstCalls { get; } = [];

    /// <summary>Finds them.</summary>
    /// <param name="ownInputs">The user's own inputs for a signature; null makes random ones.</param>
    /// <param name="size">Rows per call; null takes the user's inputs whole, or one row.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The inputs; null when no mode runs at all, or there was no time.</returns>
    /// <exception cref="TfRunnerException">The model runs, but takes no guess.</exception>
    public ChosenInputs? Find(Func<Signature, (TensorValue[] Tensors, string Source)>? ownInputs, int? size, CancellationToken cancellationToken)
    {
        var chooser = new InputChooser(subject.SavedModel, subject.Signature, options.Seed);
        if (ownInputs?.Invoke(subject.Signature) is { } own)
        {
            try
            {
                return chooser.Own(own.Tensors, size, own.Source);
            }
            finally
            {
                Array.ForEach(own.Tensors, static t => t.Dispose());
            }
        }

        // Guesses are tried on the mode that is cheapest to start. State that they change is thrown away with it.
        using var apart = subject.Loaded.IsStateful ? new LoadedModes(subject.Source, isStateful: false) : null;
        var (trial, time) = (apart ?? subject.Loaded, budget.Share(ChoosingShare));
        TfRunnerException? refusal = null;
        while (PreferredMode.Of(options.Modes.Where(m => !reasons.ContainsKey(m))) is { } mode)
        {
            var share = time.Share(EngineShare);
            try
            {
                var predictor = trial.Predictor(mode, share.Left, cancellationToken);
                return chooser.Find(size ?? 1, 0, t => Try(trial, predictor, mode, t, share.Left, cancellationToken), () => share.IsUp);
            }
            catch (TfRunnerException e)
            {
                // A mode that fails for reasons of its own must not keep the others from being measured.
                refusal ??= e is { Stage: ErrorStage.Data, Code: ErrorCode.InvalidArgument or ErrorCode.OutOfRange } ? e : null;
                reasons[mode] = Obstacle(trial, mode, share, cancellationToken) ?? (e.Stage == ErrorStage.Data ? e.InnerException ?? e : e).Message;
            }
            catch (TimeoutException)
            {
                // The engine's other modes would wait for the same loading.
                foreach (var late in options.Modes.Where(m => m.Engine == mode.Engine))
                {
                    reasons.TryAdd(late, DiffRow.Late(options.MaxTime));
                }
            }
            catch (OperationCanceledException)
            {
                reasons[mode] = DiffRow.Cancelled;
            }
        }

        return refusal is null ? null : throw refusal;
    }

    /// <summary>What keeps a mode from running, in fewer words than the error has; null when that is not it.</summary>
    private static string? Obstacle(LoadedModes trial, ModeName mode, TimeBudget time, CancellationToken cancellationToken)
    {
        try
        {
            return trial.Obstacle(mode, time.Left, cancellationToken);
        }
        catch (Exception e) when (e is TfRunnerException or TimeoutException or OperationCanceledException)
        {
            return null;
        }
    }

    private void Try(LoadedModes trial, Predictor predictor, ModeName mode, TensorValue[] tensors, TimeInterval limit, CancellationToken cancellationToken)
    {
        var began = clock.Now;
        Array.ForEach(trial.Do(() => predictor.Predict(tensors, CancellationToken.None), limit, cancellationToken), static t => t.Dispose());
        if (trial == subject.Loaded)
        {
            FirstCalls[mode] = clock.ToInterval(clock.Now - began);
        }
    }
}
