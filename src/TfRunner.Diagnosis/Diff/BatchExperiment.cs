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
    /// <summary>The share of the time that is kept for calls in turns when modes are loaded.</summary>
    private const double SamplingReserve = 0.12;

    /// <summary>The share of the time in which the others have their first rounds when nothing tells how long a mode compiles.</summary>
    private const double FirstSamplingShare = 0.25;

    /// <summary>The share of what is left that sampling leaves for first calls in fresh processes that are missing.</summary>
    private const double MostOfColdReserve = 0.3;

    private static readonly TimeInterval ProcessStart = TimeInterval.FromMilliseconds(200);

    /// <summary>A call this long is worth the cost of being able to leave it.</summary>
    private static readonly TimeInterval LongCall = TimeInterval.FromMilliseconds(300);

    private readonly TimeInterval whole = budget.Left;
    private readonly Dictionary<ModeName, DiffRow> rows = options.Modes.ToDictionary(static m => m, static m => new DiffRow { Mode = m });
    private readonly Dictionary<ModeName, TensorValue[]> outputs = [];
    private readonly Dictionary<ModeName, Predictor> predictors = [];
    private Dictionary<ModeName, TimeInterval> firstCalls = [];
    private Dictionary<ModeName, string> reasons = [];
    private ProcessorUse? samplingBegan;
    private double others;

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
        Progress?.Invoke("choosing inputs");
        var trial = new InputTrial(clock, subject, options, budget, reasons);
        var inputs = trial.Find(OwnInputs, size, cancellationToken);
        firstCalls = trial.FirstCalls;
        if (inputs is null)
        {
            return new(size ?? 0, "none", Rows(), 0, null, -1);
        }

        try
        {
            var cold = new ColdRounds(coldCalls, options.ColdCalls, inputs, Progress);
            MeasureCold(cold, cancellationToken);
            var doubtful = Doubtful();
            Prepare(options.Modes.Except(doubtful), inputs, cancellationToken);
            Baseline ??= options.Baseline ?? PreferredMode.Of(outputs.Keys);
            if (options.Baseline is { } named && reasons.TryGetValue(named, out var why) && !cancellationToken.IsCancellationRequested)
            {
                throw new TfRunnerException(ErrorCode.FailedPrecondition, ErrorStage.Usage, $"the baseline {named} cannot run: {why}", "name another with --baseline");
            }

            Compare();
            var result = Sample(inputs, doubtful.Count > 0 ? budget.Share(FirstSamplingShare) : budget.Without(ColdReserve(cold)), null, cancellationToken);
            if (doubtful.Count > 0)
            {
                // After Ctrl-C this notes for each that it was cancelled.
                Prepare(doubtful, inputs, cancellationToken);
                Compare();

                // Beside a compiler that was left running, times would not be those of before.
                result = subject.Loaded.HasLeftWork || cancellationToken.IsCancellationRequested ? result : Sample(inputs, budget.Without(ColdReserve(cold)), result, cancellationToken);
            }

            CompleteCold(cold, cancellationToken);
            var batch = new DiffBatch(inputs.Batch, inputs.Description, Rows(), result?.Rounds ?? 0, result?.End, inputs.Recipe) { Others = others };
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

    private void MeasureCold(ColdRounds cold, CancellationToken cancellationToken)
    {
        // The cheap ones first: what a dear one takes is not known before.
        ModeName[] modes = [.. options.Modes.Where(m => !reasons.ContainsKey(m)).OrderBy(static m => m.Mode switch { "xla" => 2, "graph" when m.Engine == "tensorflow" => 1, _ => 0 })];
        cold.Begin(modes, budget, cancellationToken);
        foreach (var mode in modes)
        {
            rows[mode] = rows[mode] with { Cold = cold.Of(mode) };
            if (cold.Of(mode).Select(static c => c.Failure).FirstOrDefault(static f => f is not null) is { } failure)
            {
                reasons[mode] = failure;
            }
        }
    }

    /// <summary>Time that is left over goes into the first calls that there was no time for before.</summary>
    private void CompleteCold(ColdRounds cold, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || subject.Loaded.HasLeftWork)
        {
            return;
        }

        cold.Complete(predictors.Keys.ToDictionary(static m => m, m => ExpectedCold(cold, m)), budget, cancellationToken);
        foreach (var mode in predictors.Keys)
        {
            rows[mode] = rows[mode] with { Cold = cold.Of(mode) };
        }
    }

    /// <summary>What sampling leaves for the modes that have no first call in a fresh process yet.</summary>
    private TimeInterval ColdReserve(ColdRounds cold) => options.ColdCalls == 0 ? default : new(Math.Min(
        budget.Left.Nanoseconds * MostOfColdReserve,
        predictors.Keys.Where(m => cold.Of(m).Count == 0).Sum(m => ExpectedCold(cold, m).Nanoseconds * ColdRounds.Margin)));

    private TimeInterval ExpectedCold(ColdRounds cold, ModeName mode) =>
        new(predictors.Keys.SelectMany(cold.Of).Select(static c => c.Load).DefaultIfEmpty(0).Max() + (rows[mode].NewShape?.Nanoseconds ?? 0) + ProcessStart.Nanoseconds);

    /// <summary>Modes that compile, where no fresh process has told how long: they are loaded when the others have figures.</summary>
    private List<ModeName> Doubtful()
    {
        var doubtful = options.Modes.Where(m => rows[m].Compiles && rows[m].Cold.Count == 0 && !reasons.ContainsKey(m) && !firstCalls.ContainsKey(m) && m != options.Baseline).ToList();
        return options.Modes.Any(m => !reasons.ContainsKey(m) && !doubtful.Contains(m)) ? doubtful : [];
    }

    private void Prepare(IEnumerable<ModeName> modes, ChosenInputs inputs, CancellationToken cancellationToken)
    {
        var reserve = new TimeInterval(whole.Nanoseconds * SamplingReserve);

        // What ran already comes first: it is there, and all others are compared with it.
        foreach (var mode in modes.Where(m => !reasons.ContainsKey(m)).OrderBy(m => firstCalls.ContainsKey(m) || m == options.Baseline ? 0 : m.Mode == "xla" ? 2 : 1))
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
                reasons[mode] = DiffRow.Late(options.MaxTime);
            }
            catch (OperationCanceledException)
            {
                reasons[mode] = DiffRow.Cancelled;
            }
        }
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

    private SamplingResult? Sample(ChosenInputs inputs, TimeBudget time, SamplingResult? before, CancellationToken cancellationToken)
    {
        var modes = options.Modes.Where(predictors.ContainsKey).ToArray();
        if (modes.Length == 0 || cancellationToken.IsCancellationRequested)
        {
            return before;
        }

        Contender[] contenders =
        [
            .. modes.Select(mode =>
            {
                var isLong = rows[mode].Cold.Any(static c => c.Second > LongCall.Nanoseconds) || rows[mode].NewShape?.Nanoseconds > LongCall.Nanoseconds;
                return new Contender(mode.ToString(), new ModeCall(predictors[mode], inputs.Tensors, isLong ? cancellationToken : CancellationToken.None).Run) { Known = Known(mode) };
            }),
        ];
        var sampler = new InterleavedSampler(clock, new() { Precision = options.Precision.Fraction, MaxTime = time.Left, Seed = options.Seed })
        {
            Progress = p => Progress?.Invoke(
                p.Rounds == 0 ? p.Stage : FormattableString.Invariant($"round {p.Rounds}, ratios to {Math.Min(p.Precision, 9.99) * 100:0.0} %")),
        };
        var at = Math.Max(0, Array.IndexOf(modes, Baseline));
        samplingBegan ??= ProcessorUse.Read();
        var result = sampler.Run(contenders, at, cancellationToken, before);
        if (result.End == SamplingEnd.Cancelled)
        {
            // A long call may have been left; freeing what it uses would wait for it.
            subject.Loaded.LeaveCall();
        }

        others = ProcessorUse.Read().OthersSince(samplingBegan);
        Record(modes, at, result);
        return result;
    }

    private void Record(ModeName[] modes, int at, SamplingResult result)
    {
        for (var i = 0; i < modes.Length; i++)
        {
            var series = result.Series[i];
            if (series.Count > 0)
            {
                reasons.Remove(modes[i]);
            }
            else if (result.End != SamplingEnd.Cancelled)
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
                Verdict = ratio?.Judge(options.Threshold.Fraction, Math.Max(options.Precision.Fraction, ProcessorUse.RatioError(others))),
            };
        }
    }

    /// <summary>What a call takes as far as it is known: the first one compiles, where a mode does, and tells nothing.</summary>
    private TimeInterval Known(ModeName mode) =>
        rows[mode].Cold.Count > 0 ? new(rows[mode].Cold.Min(static c => c.Second))
        : mode.Mode == "xla" ? default
        : rows[mode].NewShape ?? default;
}
