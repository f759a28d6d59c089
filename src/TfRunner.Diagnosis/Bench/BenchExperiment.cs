using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Bench;

/// <summary>Loads one mode of a model with closed or open loops and measures throughput and latency.</summary>
/// <param name="clock">The clock.</param>
/// <param name="source">The model.</param>
/// <param name="options">What is asked.</param>
internal sealed class BenchExperiment(IMeasurementClock clock, ModelSource source, BenchOptions options)
{
    /// <summary>The share of a load's time in which the model is warmed up.</summary>
    private const double WarmUpShare = 0.2;

    /// <summary>Told what is being done and the time left at most.</summary>
    public Action<string, TimeInterval>? Progress { get; init; }

    /// <summary>The user's own inputs for a signature; null makes random ones.</summary>
    public Func<Signature, (TensorValue[] Tensors, string Source)>? OwnInputs { get; init; }

    /// <summary>Runs the loads.</summary>
    /// <param name="cancellationToken">Ends them; the report has what was measured so far.</param>
    /// <returns>The report.</returns>
    /// <exception cref="TfRunnerException">The model cannot be loaded or fails, or the input does not fit.</exception>
    public BenchReport Run(CancellationToken cancellationToken)
    {
        using var model = source.Load(options.Mode.Engine);
        using var predictor = model.Predictor(source.Signature, options.Mode.Mode);
        using var inputs = Choose(model.SavedModel, predictor, cancellationToken);
        var call = new ModeCall(predictor, inputs.Tensors, CancellationToken.None);
        Progress?.Invoke("warming up", new(options.MaxTime.Nanoseconds * (options.Concurrency.Count + WarmUpShare)));
        var warmUp = WarmUp.Run(clock, new("call", call.Run), new(options.MaxTime.Nanoseconds * WarmUpShare), cancellationToken);
        var rows = new List<BenchRow>();
        foreach (var concurrency in options.Concurrency.TakeWhile(_ => !cancellationToken.IsCancellationRequested))
        {
            rows.Add(Load(concurrency, call, options.Concurrency.Count - rows.Count, cancellationToken));
        }

        return new(
            model.SavedModel.Directory,
            predictor.Signature.Name,
            options,
            inputs.Batch,
            inputs.Description,
            warmUp,
            rows,
            ClockCost.Measure(clock),
            MachineFacts.Read(),
            model.EngineVersion,
            cancellationToken.IsCancellationRequested,
            clock.TicksPerSecond);
    }

    private ChosenInputs Choose(SavedModel savedModel, Predictor predictor, CancellationToken cancellationToken)
    {
        var chooser = new InputChooser(savedModel, predictor.Signature, options.Seed);
        if (OwnInputs?.Invoke(predictor.Signature) is { } own)
        {
            return chooser.Own(own.Tensors, options.BatchSize, own.Source);
        }

        var until = clock.Now + clock.ToTicks(options.MaxTime);
        return chooser.Find(options.BatchSize ?? 1, 0, t => new ModeCall(predictor, t, cancellationToken).Run(), () => clock.Now > until);
    }

    private BenchRow Load(int concurrency, ModeCall call, int loadsLeft, CancellationToken cancellationToken)
    {
        var plan = new LoadPlan
        {
            Callers = concurrency,
            Rate = options.Rate,
            Pattern = options.Pattern,
            MaxTime = options.MaxTime,
            Precision = options.Precision.Fraction,
            Seed = options.Seed,
        };
        var generator = new LoadGenerator(clock, plan)
        {
            Progress = (calls, elapsed) => Progress?.Invoke(
                FormattableString.Invariant($"{concurrency} caller{(concurrency == 1 ? "" : "s")}, {calls} calls"), new((options.MaxTime.Nanoseconds * loadsLeft) - elapsed.Nanoseconds)),
        };
        var before = ProcessorUse.Read();
        var load = generator.Run([.. Enumerable.Repeat<Action>(call.Run, concurrency)], cancellationToken);
        return new(concurrency, load, Summary(load, static r => r.Latency), Summary(load, static r => r.Service), load.Throughput(clock)) { Others = ProcessorUse.Read().OthersSince(before) };
    }

    private SeriesSummary? Summary(LoadResult load, Func<Request, long> ticks) =>
        load.Requests.Count == 0 ? null : SeriesSummary.Of([.. load.Requests.Select(r => clock.ToInterval(ticks(r)).Nanoseconds)]);
}
