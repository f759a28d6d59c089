using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>
/// Calls a model in several modes: fresh processes for the first calls, then all modes side by side in this one. A mode that
/// cannot run, or for which there is no time, is a row with its reason.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="source">The model.</param>
/// <param name="options">What is asked.</param>
/// <param name="coldCalls">Measures in fresh processes.</param>
internal sealed class DiffExperiment(IMeasurementClock clock, ModelSource source, DiffOptions options, IColdCalls coldCalls)
{
    /// <summary>An engine that takes longer than this share of the time to say what stands in its way is not asked for its other modes.</summary>
    private const double QuickAnswer = 0.01;

    /// <summary>Freeing what was loaded and writing the report.</summary>
    private static readonly TimeInterval Surroundings = TimeInterval.FromMilliseconds(250);
    private const double SurroundingsShare = 0.05;

    /// <summary>Told what is being done and the time left at most.</summary>
    public Action<string, TimeInterval>? Progress { get; init; }

    /// <summary>The user's own inputs for a signature: tensors and where they come from; null makes random ones.</summary>
    public Func<Signature, (TensorValue[] Tensors, string Source)>? OwnInputs { get; init; }

    /// <summary>Runs the experiment.</summary>
    /// <param name="cancellationToken">Ends it; the report has what was measured so far.</param>
    /// <returns>The report.</returns>
    /// <exception cref="TfRunnerException">The model cannot be opened, the input does not fit, or the baseline named cannot run.</exception>
    public DiffReport Run(CancellationToken cancellationToken)
    {
        var time = Math.Max(options.MaxTime.Nanoseconds / 2, (options.MaxTime.Nanoseconds * (1 - SurroundingsShare)) - Surroundings.Nanoseconds - options.Spent.Nanoseconds);
        var budget = new TimeBudget(clock, clock.Now + clock.ToTicks(new(time)));
        using var savedModel = SavedModel.Open(source.Path, source.SavedModel);
        var signature = savedModel.Signature(source.Signature);
        using var loaded = new LoadedModes(source with { Signature = signature.Name }, IsStateful(savedModel, signature));
        var subject = new DiffSubject(savedModel, signature, loaded, source with { Signature = signature.Name });
        var cost = ClockCost.Measure(clock);
        var machine = MachineFacts.Read();
        var reasons = Obstacles(loaded, budget, cancellationToken);
        var batches = new List<DiffBatch>();
        var sizes = options.BatchSizes.Count > 0 ? options.BatchSizes.Select(static b => (int?)b).ToArray() : [null];
        ModeName? baseline = null;
        for (var i = 0; i < sizes.Length && !cancellationToken.IsCancellationRequested; i++)
        {
            var experiment = new BatchExperiment(clock, subject, options, coldCalls, budget.Share(1.0 / (sizes.Length - i)))
            {
                Progress = what => Progress?.Invoke(what, budget.Left),
                OwnInputs = OwnInputs,
                Baseline = baseline,
            };
            batches.Add(experiment.Run(sizes[i], reasons, cancellationToken));
            baseline = experiment.Baseline;
        }

        return new(
            savedModel.Directory, signature.Name, baseline, options, batches, cost, machine, loaded.Versions, cancellationToken.IsCancellationRequested, clock.TicksPerSecond)
        {
            LeftWork = loaded.HasLeftWork,
        };
    }

    /// <summary>Why modes cannot run, as far as engines say so without running anything and without taking long.</summary>
    private Dictionary<ModeName, string> Obstacles(LoadedModes loaded, TimeBudget budget, CancellationToken cancellationToken)
    {
        var (reasons, slow) = (new Dictionary<ModeName, string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var mode in options.Modes.Where(m => !slow.Contains(m.Engine)))
        {
            var began = clock.Now;
            try
            {
                if (loaded.Obstacle(mode, budget.Share(0.5).Left, cancellationToken) is { } obstacle)
                {
                    reasons[mode] = obstacle;
                }
            }
            catch (TfRunnerException e) when (e.Stage is ErrorStage.Engine or ErrorStage.Load)
            {
                reasons[mode] = e.Message;
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                // It will be found out when the mode is called, or there is no time for that either.
            }

            if (clock.ToInterval(clock.Now - began).Nanoseconds > options.MaxTime.Nanoseconds * QuickAnswer)
            {
                slow.Add(mode.Engine);
            }
        }

        return reasons;
    }

    private static bool IsStateful(SavedModel savedModel, Signature signature)
    {
        try
        {
            return savedModel.Graph.Reach(signature).WritesState;
        }
        catch (TfRunnerException)
        {
            return false;
        }
    }
}
