using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Diagnosis.Parity;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>
/// Calls a model in several modes: fresh processes for the first calls, then all modes side by side in this one. A mode that
/// cannot run is a row with its reason.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="source">The model.</param>
/// <param name="options">What is asked.</param>
/// <param name="coldCalls">Measures in fresh processes.</param>
internal sealed class DiffExperiment(IMeasurementClock clock, ModelSource source, DiffOptions options, IColdCalls coldCalls)
{
    /// <summary>How much of the time cold calls may take beyond the first of each mode; those first ones stop at half of it.</summary>
    private const double ColdShare = 0.33;

    /// <summary>What a process may take to load and make its first call, however little time was given for measuring.</summary>
    private static readonly TimeInterval LeastColdLimit = TimeInterval.FromSeconds(30);

    /// <summary>A call this long is worth the cost of being able to leave it.</summary>
    private static readonly TimeInterval LongCall = TimeInterval.FromMilliseconds(300);

    private readonly Dictionary<string, string> versions = new(StringComparer.Ordinal);
    private DiffSubject? subject;
    private ModeName? baseline;

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
        using var savedModel = SavedModel.Open(source.Path, source.SavedModel);
        var signature = savedModel.Signature(source.Signature);
        using var loaded = new LoadedModes(source with { Signature = signature.Name }, IsStateful(savedModel, signature));
        subject = new(savedModel, signature, loaded);
        var cost = ClockCost.Measure(clock);
        var machine = MachineFacts.Read();
        var reasons = new Dictionary<ModeName, string>();
        foreach (var mode in options.Modes)
        {
            if (Obstacle(mode) is { } obstacle)
            {
                reasons[mode] = obstacle;
            }
        }

        var batches = new List<DiffBatch>();
        var sizes = options.BatchSizes.Count > 0 ? options.BatchSizes.Select(static b => (int?)b).ToArray() : [null];
        foreach (var size in sizes)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                batches.Add(RunBatch(size, new(options.MaxTime.Nanoseconds / sizes.Length), reasons, cancellationToken));
            }
        }

        return new(
            savedModel.Directory, signature.Name, baseline, options, batches, cost, machine, versions, cancellationToken.IsCancellationRequested, clock.TicksPerSecond);
    }

    private DiffBatch RunBatch(int? size, TimeInterval budget, Dictionary<ModeName, string> known, CancellationToken cancellationToken)
    {
        var reasons = new Dictionary<ModeName, string>(known);
        var deadline = clock.Now + clock.ToTicks(budget);
        using var inputs = Choose(size, reasons, budget, cancellationToken);
        if (inputs is null)
        {
            return new(size ?? 0, "none", [.. options.Modes.Select(m => new DiffRow { Mode = m, Reason = reasons[m] })], 0, null, -1);
        }

        var rows = options.Modes.ToDictionary(static m => m, static m => new DiffRow { Mode = m });
        MeasureCold(inputs, rows, reasons, budget, cancellationToken);
        var outputs = new Dictionary<ModeName, TensorValue[]>();
        try
        {
            var predictors = Prepare(inputs, rows, reasons, outputs, cancellationToken);
            baseline ??= options.Baseline ?? Preferred(outputs.Keys);
            if (options.Baseline is { } named && reasons.TryGetValue(named, out var why))
            {
                throw new TfRunnerException(ErrorCode.FailedPrecondition, ErrorStage.Usage, $"the baseline {named} cannot run: {why}", "name another with --baseline");
            }

            Compare(rows, outputs);
            var result = Sample(inputs, predictors, rows, deadline, budget, cancellationToken);
            Array.ForEach([.. predictors.Values], static p => p.Dispose());
            return new(
                inputs.Batch,
                inputs.Description,
                [.. options.Modes.Select(m => reasons.TryGetValue(m, out var reason) ? rows[m] with { Reason = reason } : rows[m])],
                result?.Rounds ?? 0,
                result?.End,
                inputs.Recipe);
        }
        finally
        {
            Array.ForEach([.. outputs.Values.SelectMany(static o => o)], static t => t.Dispose());
        }
    }

    private ChosenInputs? Choose(int? size, Dictionary<ModeName, string> reasons, TimeInterval budget, CancellationToken cancellationToken)
    {
        Progress?.Invoke("choosing inputs", budget);
        var chooser = new InputChooser(subject!.SavedModel, subject.Signature, options.Seed);
        if (OwnInputs?.Invoke(subject.Signature) is { } own)
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

        // Guesses are tried on the mode that is cheapest to start; state that they change is thrown away with it.
        using var trial = new LoadedModes(source with { Signature = subject.Signature.Name }, isStateful: false);
        var until = clock.Now + clock.ToTicks(new(budget.Nanoseconds / 3));
        TfRunnerException? refusal = null;
        while (Preferred(options.Modes.Where(m => !reasons.ContainsKey(m))) is { } mode)
        {
            try
            {
                using var predictor = trial.Predictor(mode);
                return chooser.Find(size ?? 1, 0, t => new ModeCall(predictor, t, cancellationToken).Run(), () => clock.Now > until);
            }
            catch (TfRunnerException e)
            {
                // A mode that fails for reasons of its own must not keep the others from being measured.
                refusal ??= e is { Stage: ErrorStage.Data, Code: ErrorCode.InvalidArgument or ErrorCode.OutOfRange } ? e : null;
                reasons[mode] = (e.Stage == ErrorStage.Data ? e.InnerException ?? e : e).Message;
            }
        }

        return refusal is null ? null : throw refusal;
    }

    private void MeasureCold(
        ChosenInputs inputs, Dictionary<ModeName, DiffRow> rows, Dictionary<ModeName, string> reasons, TimeInterval budget, CancellationToken cancellationToken)
    {
        var began = clock.Now;
        var limit = new TimeInterval(Math.Max(budget.Nanoseconds, LeastColdLimit.Nanoseconds));
        try
        {
            for (var repeat = 0; repeat < options.ColdCalls; repeat++)
            {
                foreach (var mode in options.Modes.Where(m => !reasons.ContainsKey(m)))
                {
                    var used = clock.ToInterval(clock.Now - began);
                    var last = rows[mode].Cold.Count > 0 ? rows[mode].Cold[^1] : null;
                    var isEnough = repeat == 0
                        ? used.Nanoseconds > budget.Nanoseconds / 2
                        : last is null || used.Nanoseconds + (2 * (last.Load + last.First)) > budget.Nanoseconds * ColdShare;
                    if (isEnough)
                    {
                        continue;
                    }

                    Progress?.Invoke($"first call of {mode} in a fresh process", new(budget.Nanoseconds - used.Nanoseconds));
                    var cold = coldCalls.Measure(mode, inputs, limit, cancellationToken);
                    rows[mode] = rows[mode] with { Cold = [.. rows[mode].Cold, cold] };
                    if (cold.Failure is { } failure)
                    {
                        reasons[mode] = failure;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The rows keep what was measured.
        }
    }

    private Dictionary<ModeName, Predictor> Prepare(
        ChosenInputs inputs,
        Dictionary<ModeName, DiffRow> rows,
        Dictionary<ModeName, string> reasons,
        Dictionary<ModeName, TensorValue[]> outputs,
        CancellationToken cancellationToken)
    {
        var predictors = new Dictionary<ModeName, Predictor>();
        foreach (var mode in options.Modes.Where(m => !reasons.ContainsKey(m)))
        {
            if (cancellationToken.IsCancellationRequested)
            {
                reasons[mode] = "cancelled before it was measured";
                continue;
            }

            try
            {
                Progress?.Invoke($"loading {mode}", options.MaxTime);
                var predictor = subject!.Loaded.Predictor(mode);
                var began = clock.Now;
                outputs[mode] = predictor.Predict(inputs.Tensors, cancellationToken);
                rows[mode] = rows[mode] with { NewShape = clock.ToInterval(clock.Now - began) };
                predictors[mode] = predictor;
            }
            catch (TfRunnerException e)
            {
                reasons[mode] = e.Message;
            }
            catch (OperationCanceledException)
            {
                reasons[mode] = "cancelled before it was measured";
            }
        }

        return predictors;
    }

    private void Compare(Dictionary<ModeName, DiffRow> rows, Dictionary<ModeName, TensorValue[]> outputs)
    {
        if (baseline is null || !outputs.TryGetValue(baseline, out var expected))
        {
            return;
        }

        foreach (var (mode, actual) in outputs.Where(o => o.Key != baseline))
        {
            rows[mode] = rows[mode] with
            {
                Difference = OutputDifference.Between(subject!.Signature, actual, expected, options.RelativeTolerance, options.AbsoluteTolerance),
            };
        }
    }

    private SamplingResult? Sample(
        ChosenInputs inputs,
        Dictionary<ModeName, Predictor> predictors,
        Dictionary<ModeName, DiffRow> rows,
        long deadline,
        TimeInterval budget,
        CancellationToken cancellationToken)
    {
        var modes = options.Modes.Where(predictors.ContainsKey).ToArray();
        if (modes.Length == 0 || cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        Contender[] contenders =
        [
            .. modes.Select(mode =>
            {
                var isLong = rows[mode].Cold.Any(static c => c.Second > LongCall.Nanoseconds);
                return new Contender(mode.ToString(), new ModeCall(predictors[mode], inputs.Tensors, isLong ? cancellationToken : CancellationToken.None).Run);
            }),
        ];

        // Slow loading must not take all the time that measuring needs.
        var left = Math.Max(clock.ToInterval(deadline - clock.Now).Nanoseconds, budget.Nanoseconds / 2);
        var sampler = new InterleavedSampler(clock, new() { Precision = options.Precision.Fraction, MaxTime = new(left), Seed = options.Seed })
        {
            Progress = p => Progress?.Invoke(
                p.Rounds == 0 ? p.Stage : FormattableString.Invariant($"round {p.Rounds}, ratios to {Math.Min(p.Precision, 9.99) * 100:0.0} %"), p.Left),
        };
        var at = Math.Max(0, Array.IndexOf(modes, baseline));
        var result = sampler.Run(contenders, at, cancellationToken);
        for (var i = 0; i < modes.Length; i++)
        {
            var series = result.Series[i];
            var ratio = i == at || series.Count == 0 ? null : PairedComparison.Ratio(series, result.Series[at]);
            rows[modes[i]] = rows[modes[i]] with
            {
                WarmUp = result.WarmUps.ElementAtOrDefault(i),
                Series = series,
                Summary = series.Count == 0 ? null : SeriesSummary.Of(series.Nanoseconds(clock)),
                Ratio = ratio,
                Verdict = ratio?.Judge(options.Threshold.Fraction, options.Precision.Fraction),
            };
        }

        return result;
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

    /// <summary>Why a mode cannot run, found without running it.</summary>
    private string? Obstacle(ModeName mode)
    {
        try
        {
            using var model = source.Load(mode.Engine);
            versions[mode.Engine] = model.EngineVersion;
            return model.Obstacles(subject!.Signature.Name, mode.Mode) is [var first, ..] ? first : null;
        }
        catch (TfRunnerException e) when (e.Stage is ErrorStage.Engine or ErrorStage.Load)
        {
            return e.Message;
        }
    }

    private static ModeName? Preferred(IEnumerable<ModeName> modes) =>
        modes.OrderBy(static m => (m.Engine, m.Mode) switch
        {
            ("tensorflow", "graph") => 0,
            ("tensorflow", "function") => 1,
            ("onnx", "compiled") => 2,
            ("onnx", "graph") => 3,
            (_, "eager") => 4,
            _ => 5,
        }).FirstOrDefault();
}
