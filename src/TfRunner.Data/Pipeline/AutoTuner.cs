namespace TfRunner.Data.Pipeline;

/// <summary>
/// Sizes what was left to <see cref="Dataset.Auto"/> from measured times. A step looks at one period: when the consumer
/// waited, the parallel stage with the most work per call gets one more call, and buffers that were full and ran empty double; when it
/// hardly waited, stages with more calls than the rate needs give one back. Buffers together stay inside the memory budget.
/// </summary>
internal sealed class AutoTuner(PipelineRun run) : IAsyncDisposable
{
    private const double Waited = 0.05;
    private const double Headroom = 1.3;
    private const int MaxBuffer = 512;

    private readonly List<Tunable> tunables = [];
    private ITimer? timer;
    private long lastLook;
    private long lastWait;

    public void Add(Tunable tunable)
    {
        lock (tunables)
        {
            tunables.Add(tunable);
        }
    }

    public void Start()
    {
        lastLook = run.Options.Time.GetTimestamp();
        timer = run.Options.Time.CreateTimer(_ => Step(), null, run.Options.TuningPeriod, run.Options.TuningPeriod);
    }

    public void Step()
    {
        lock (tunables)
        {
            var now = run.Options.Time.GetTimestamp();
            var wait = run.ConsumerWaitTicks();
            var period = Math.Max(now - lastLook, 1);
            var waited = (double)(wait - lastWait) / period;
            (lastLook, lastWait) = (now, wait);
            var calls = tunables.Where(static t => !t.IsBuffer).Select(static t => (Tunable: t, Since: t.Since())).ToList();
            if (waited > Waited)
            {
                AddCall(calls);
                GrowBuffers();
            }
            else
            {
                TakeCalls(calls, period);
            }

            KeepToBudget();
        }
    }

    public ValueTask DisposeAsync() => timer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void AddCall(List<(Tunable Tunable, (long Busy, long Elements) Since)> calls)
    {
        // A call holds about what its result does.
        var slowest = calls.Where(static c => c.Since.Busy > 0).OrderByDescending(static c => c.Since.Busy / c.Tunable.Gate.Limit).FirstOrDefault().Tunable;
        if (slowest is not null && slowest.Gate.Limit < run.Options.MaxParallelCalls && (slowest.Gate.Limit + 1) * slowest.BytesPerElement <= run.Options.MemoryBudget)
        {
            slowest.Gate.Limit++;
        }
    }

    private static void TakeCalls(List<(Tunable Tunable, (long Busy, long Elements) Since)> calls, long period)
    {
        foreach (var (tunable, since) in calls)
        {
            var needed = (int)Math.Ceiling(since.Busy * Headroom / period);
            if (since.Elements > 0 && tunable.Gate.Limit > Math.Max(needed, 1))
            {
                tunable.Gate.Limit--;
            }
        }
    }

    private void GrowBuffers()
    {
        foreach (var buffer in tunables.Where(static t => t.IsBuffer))
        {
            // One that was full and ran empty smooths too little; one that is never full only has a slow source.
            if (buffer.Gate.TakePeak() >= buffer.Gate.Limit && buffer.Stage.QueueDepth == 0 && buffer.Gate.Limit < MaxBuffer)
            {
                buffer.Gate.Limit *= 2;
            }
        }
    }

    private void KeepToBudget()
    {
        var buffers = tunables.Where(static t => t.IsBuffer).ToList();
        var total = buffers.Sum(static b => b.BytesPerElement * b.Gate.Limit);
        while (total > run.Options.MemoryBudget && buffers.Where(static b => b.Gate.Limit > 1).MaxBy(static b => b.BytesPerElement * b.Gate.Limit) is { } largest)
        {
            var half = largest.Gate.Limit / 2;
            total -= largest.BytesPerElement * (largest.Gate.Limit - half);
            largest.Gate.Limit = half;
        }
    }
}
