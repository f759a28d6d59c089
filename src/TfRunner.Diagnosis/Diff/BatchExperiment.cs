using TfRunner.Diagnosis.Bisection;
using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Diagnosis.Parity;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>All modes at one batch size: inputs, first calls, outputs, and calls in turns.</summary>
/// <param name="clock">The clock.</param>
/// <param name="subject">The model.</param>
/// <param name="options">What is asked.</param>
/// <param name="coldCalls">Measures in fresh processes.</param>
/// <param name="budget">The time for all of it.</param>
internal sealed class BatchExperiment(IMeasurementClock clock, DiffSubject subject, DiffOptions options, IColdCalls coldCalls, TimeBudget budget)
{
    /// <summary>The share of the time in which inputs must be found that the model takes.</summary>
    private const double ChoosingShare = 0.7;

    /// <summary>The share of that time which one engine may use up before another is tried.</summary>
    private const double EngineShare = 0.7;

    /// <summary>The share of the time that is kept for calls in turns when modes are loaded.</summary>
    private const double SamplingReserve = 0.12;

    /// <summary>A call this long is worth the cost of being able to leave it.</summary>
    private static readonly TimeInterval LongCall = TimeInterval.FromMilliseconds(300);

    private readonly TimeInterval whole = budget.Left;
    private readonly Dictionary<ModeName, TimeInterval> firstCalls = [];
    private readonly Dictionary<ModeName, DiffRow> rows = options.Modes.ToDictionary(static m => m, static m => new DiffRow { Mode = m });
    private readonly Dictionary<ModeName, TensorValue[]> outputs = [];
    private Dictionary<ModeName, string> reasons = [];

    /// <summary>Told what is being done.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>The user's own inputs for a signature; null makes random ones.</summary>
    public Func<Signature, (TensorValue[] Tensors, string Source)>? OwnInputs { get; init; }

    /// <summary>The mode that all are compared with; chosen among those that ran where it is not given.</summary>
    public ModeName? Baseline { get; set; }

    /// <summary>Runs the experiment.</summary>
    /// <param name="size">Rows per call; null takes the user's inputs whole, or one row.</param>
    /// <param name="obstacles">Modes that are known not to run, with their reasons.</param>
    /// <param name="cancellationToken">Ends it; the result has what was measured so far.</param>
    /// <returns>One row per mode.</returns>
    public DiffBatch Run(int? size, IReadOnlyDictionary<ModeName, string> obstacles, CancellationToken cancellationToken)
    {
        reasons = new(obstacles);
        var inputs = Choose(size, cancellationToken);
        if (inputs is null)
        {
            return new(size ?? 0, "none", Rows(), 0, null, -1);
        }

        try
        {
            MeasureCold(inputs, cancellationToken);
            var predictors = Prepare(inputs, cancellationToken);
            Baseline ??= options.Baseline ?? Preferred(outputs.Keys);
            if (options.Baseline is { } named && reasons.TryGetValue(named, out var why) && !cancellationToken.IsCancellationRequested)
            {
                throw new TfRunnerException(ErrorCode.FailedPrecondition, ErrorStage.Usage, $"the baseline {named} cannot run: {why}", "name another with --baseline");
            }

            Compare();
            var result = Sample(inputs, predictors, cancellationToken);
            var batch = new DiffBatch(inputs.Batch, inputs.Description, Rows(), result?.Rounds ?? 0, result?.End, inputs.Recipe);
            return options.Bisects ? batch with { Rows = Bisect(batch.Rows, inputs, cancellationToken) } : batch;
        }
        finally
        {
            Array.ForEach([.. outputs.Values.SelectMany(static o => o)], static t => t.Dispose());
            if (!subject.Loaded.HasLeftWork)
            {
                inputs.Dispose();
            }
        }
    }

    private DiffRow[] Rows() => [.. options.Modes.Select(m => reasons.TryGetValue(m, out var reason) ? rows[m] with { Reason = reason } : rows[m])];

    private ChosenInputs? Choose(int? size, CancellationToken cancellationToken)
    {
        Progress?.Invoke("choosing inputs");
        var chooser = new InputChooser(subject.SavedModel, subject.Signature, options.Seed);
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

        // Guesses are tried on the mode that is cheapest to start. State that they change is thrown away with it.
        using var apart = subject.Loaded.IsStateful ? new LoadedModes(subject.Source, isStateful: false) : null;
        var (trial, time) = (apart ?? subject.Loaded, budget.Share(ChoosingShare));
        TfRunnerException? refusal = null;
        while (Preferred(options.Modes.Where(m => !reasons.ContainsKey(m))) is { } mode)
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
                    reasons.TryAdd(late, Late());
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
            firstCalls[mode] = clock.ToInterval(clock.Now - began);
        }
    }

    private void MeasureCold(ChosenInputs inputs, CancellationToken cancellationToken)
    {
        // The cheap ones first: what a dear one takes is not known before.
        var modes = options.Modes.Where(m => !reasons.ContainsKey(m)).OrderBy(static m => m.Mode switch { "xla" => 2, "graph" when m.Engine == "tensorflow" => 1, _ => 0 });
        foreach (var (mode, calls) in new ColdRounds(coldCalls, options.ColdCalls, Progress).Run([.. modes], inputs, budget, cancellationToken))
        {
            rows[mode] = rows[mode] with { Cold = calls };
            if (calls.Select(static c => c.Failure).FirstOrDefault(static f => f is not null) is { } failure)
            {
                reasons[mode] = failure;
            }
        }
    }

    private Dictionary<ModeName, Predictor> Prepare(ChosenInputs inputs, CancellationToken cancellationToken)
    {
        var predictors = new Dictionary<ModeName, Predictor>();
        var reserve = new TimeInterval(whole.Nanoseconds * SamplingReserve);

        // What ran already comes first: it is there, and all others are compared with it.
        foreach (var mode in options.Modes.Where(m => !reasons.ContainsKey(m)).OrderBy(m => firstCalls.ContainsKey(m) || m == options.Baseline ? 0 : m.Mode == "xla" ? 2 : 1))
        {
            var left = budget.LeftBefore(reserve);
            var expected = rows[mode].Cold.Count == 0 || firstCalls.ContainsKey(mode) ? default : new TimeInterval(rows[mode].Cold.Min(static c => c.Load + c.First));

            // What is loaded already for another mode is not loaded again, so it may take half as long as in a process of its own.
            if (expected.Nanoseconds / 2 > left.Nanoseconds)
            {
                reasons[mode] = $"{DiffRow.NoTime}loading and the first call take {expected}, and {left} were left; give more with --max-time";
                continue;
            }

            try
            {
                Progress?.Invoke($"loading {mode}");
                var predictor = subject.Loaded.Predictor(mode, left, cancellationToken);
                var began = clock.Now;
                outputs[mode] = subject.Loaded.Do(() => predictor.Predict(inputs.Tensors, CancellationToken.None), budget.LeftBefore(reserve), cancellationToken);
                rows[mode] = rows[mode] with { NewShape = firstCalls.TryGetValue(mode, out var first) ? first : clock.ToInterval(clock.Now - began) };
                predictors[mode] = predictor;
            }
            catch (TfRunnerException e)
            {
                reasons[mode] = e.Message;
            }
            catch (TimeoutException)
            {
                reasons[mode] = Late();
            }
            catch (OperationCanceledException)
            {
                reasons[mode] = DiffRow.Cancelled;
            }
        }

        return predictors;
    }

    private void Compare()
    {
        if (Baseline is null || !outputs.TryGetValue(Baseline, out var expected))
        {
            return;
        }

        foreach (var (mode, actual) in outputs.Where(o => o.Key != Baseline))
        {
            rows[mode] = rows[mode] with
            {
                Difference = OutputDifference.Between(subject.Signature, actual, expected, options.RelativeTolerance, options.AbsoluteTolerance),
            };
        }
    }

    private DiffRow[] Bisect(IReadOnlyList<DiffRow> measured, ChosenInputs inputs, CancellationToken cancellationToken)
    {
        var found = measured.ToArray();
        if (Baseline is null || !Array.Exists(found, Departs) || cancellationToken.IsCancellationRequested)
        {
            return found;
        }

        // Who asks for this can wait for it: the time for measuring is used up, as a rule.
        var more = new TimeBudget(clock, clock.Now + clock.ToTicks(whole));
        using var flat = FlatModel.Write(subject.SavedModel, subject.Signature);
        var source = new ModelSource(flat.SavedModel.Directory, new() { Tags = [.. flat.SavedModel.Tags] }, subject.Source.Engine with { CacheDirectory = string.Empty }, null);
        using var loaded = new LoadedModes(source, subject.Loaded.IsStateful);
        for (var i = 0; i < found.Length; i++)
        {
            if (Departs(found[i]))
            {
                var (mode, time) = (found[i].Mode, more.Share(Math.Min(1, 2.0 / found[i..].Count(Departs))));
                var search = new DepartureSearch(new FlatLooks(flat, loaded, inputs.Tensors, time, cancellationToken), flat.Tensors, options.RelativeTolerance, options.AbsoluteTolerance)
                {
                    Progress = n => Progress?.Invoke(FormattableString.Invariant($"looking where {mode} departs, tensor {n} of {flat.Tensors.Count}")),
                };
                try
                {
                    found[i] = found[i] with { Departure = search.Find(Baseline, mode) };
                }
                catch (OperationCanceledException)
                {
                    break;
                }
            }
        }

        if (loaded.HasLeftWork)
        {
            subject.Loaded.LeaveCall();
        }

        return found;

        static bool Departs(DiffRow row) => row.Difference?.Mismatch is not null;
    }

    private SamplingResult? Sample(ChosenInputs inputs, Dictionary<ModeName, Predictor> predictors, CancellationToken cancellationToken)
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
                var isLong = rows[mode].Cold.Any(static c => c.Second > LongCall.Nanoseconds) || rows[mode].NewShape?.Nanoseconds > LongCall.Nanoseconds;
                return new Contender(mode.ToString(), new ModeCall(predictors[mode], inputs.Tensors, isLong ? cancellationToken : CancellationToken.None).Run) { Known = Known(mode) };
            }),
        ];
        var sampler = new InterleavedSampler(clock, new() { Precision = options.Precision.Fraction, MaxTime = budget.Left, Seed = options.Seed })
        {
            Progress = p => Progress?.Invoke(
                p.Rounds == 0 ? p.Stage : FormattableString.Invariant($"round {p.Rounds}, ratios to {Math.Min(p.Precision, 9.99) * 100:0.0} %")),
        };
        var at = Math.Max(0, Array.IndexOf(modes, Baseline));
        var result = sampler.Run(contenders, at, cancellationToken);
        if (result.End == SamplingEnd.Cancelled)
        {
            // A long call may have been left; freeing what it uses would wait for it.
            subject.Loaded.LeaveCall();
        }

        for (var i = 0; i < modes.Length; i++)
        {
            var series = result.Series[i];
            if (series.Count == 0 && result.End != SamplingEnd.Cancelled)
            {
                reasons[modes[i]] = $"{DiffRow.NoTime}a call takes {Known(modes[i])}, and time was up; give more than {options.MaxTime} with --max-time";
            }

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

    /// <summary>What a call takes as far as it is known: the first one compiles, where a mode does, and tells nothing.</summary>
    private TimeInterval Known(ModeName mode) =>
        rows[mode].Cold.Count > 0 ? new(rows[mode].Cold.Min(static c => c.Second))
        : mode.Mode == "xla" ? default
        : rows[mode].NewShape ?? default;

    private string Late() => $"{DiffRow.NoTime}loading or the first call had not ended when time was up; give more than {options.MaxTime} with --max-time";

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
