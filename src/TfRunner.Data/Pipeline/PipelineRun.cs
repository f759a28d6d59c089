using System.Diagnostics.CodeAnalysis;

namespace TfRunner.Data.Pipeline;

/// <summary>One enumeration of a dataset: its clock, counters, background work and cancellation.</summary>
internal sealed class PipelineRun : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<StageCounters> stages = [];
    private readonly List<Task> pumps = [];
    private readonly CancellationTokenSource cancellation;
    private readonly PipelineRun? outer;
    private AutoTuner? tuner;
    private long started = -1;
    private long finished = -1;
    private long consumerWait;
    private long waitingSince = -1;
    private int disposed;

    public PipelineRun(PipelineOptions options, CancellationToken cancellationToken)
    {
        Options = options;
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    private PipelineRun(PipelineRun outer)
        : this(outer.Options, outer.Token)
    {
        this.outer = outer;
    }

    public PipelineOptions Options { get; }

    public CancellationToken Token => cancellation.Token;

    /// <summary>A run inside this one, for the inner datasets of an interleave; its stages are not reported.</summary>
    public PipelineRun Nested() => new(this);

    public StageCounters AddStage(string name)
    {
        var counters = new StageCounters(name, Options.Time);
        lock (gate)
        {
            stages.Add(counters);
        }

        return counters;
    }

    /// <summary>Starts work in the background; the run's end waits for it.</summary>
    public void StartPump(Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => work(Token), CancellationToken.None);
        lock (gate)
        {
            pumps.Add(task);
        }
    }

    /// <summary>Lets Auto values of a stage be tuned.</summary>
    public void Tune(AdjustableGate gate, StageCounters stage, bool isBuffer, Func<long> bytesPerElement)
    {
        lock (this.gate)
        {
            // The inner datasets of an interleave come and go too fast to be tuned.
            if (outer is null)
            {
                if (tuner is null)
                {
                    tuner = new(this);
                    tuner.Start();
                }

                tuner.Add(new(gate, stage, isBuffer, bytesPerElement));
            }
        }
    }

    public void Cancel() => cancellation.Cancel();

    public void BeginWait()
    {
        waitingSince = Options.Time.GetTimestamp();
        if (started < 0)
        {
            started = waitingSince;
        }
    }

    public void EndWait()
    {
        Interlocked.Add(ref consumerWait, Options.Time.GetTimestamp() - waitingSince);
        Volatile.Write(ref waitingSince, -1);
    }

    public long ConsumerWaitTicks()
    {
        var since = Volatile.Read(ref waitingSince);
        return Volatile.Read(ref consumerWait) + (since < 0 ? 0 : Options.Time.GetTimestamp() - since);
    }

    public PipelineReport Report()
    {
        var time = Options.Time;
        var elapsed = started < 0 ? TimeSpan.Zero : time.GetElapsedTime(started, finished < 0 ? time.GetTimestamp() : finished);
        lock (gate)
        {
            return new(elapsed, Options.Consumer, time.GetElapsedTime(0, ConsumerWaitTicks()), [.. stages.Select(static s => s.Report())]);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A pump's failures have travelled as elements; what is left here is its cancellation.")]
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        finished = Options.Time.GetTimestamp();
        if (tuner is not null)
        {
            await tuner.DisposeAsync().ConfigureAwait(false);
        }

        await cancellation.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(pumps).ConfigureAwait(false);
        }
        catch (Exception)
        {
        }

        cancellation.Dispose();
    }
}
