namespace TfRunner.Data.Pipeline;

/// <summary>Counts what a stage does; updated from any thread.</summary>
internal sealed class StageCounters(string name, TimeProvider time)
{
    private long elements;
    private long errors;
    private long busy;
    private long inputWait;
    private long outputWait;
    private int queueDepth;

    public string Name { get; } = name;

    public long Elements => Volatile.Read(ref elements);

    public long BusyTicks => Volatile.Read(ref busy);

    public int QueueDepth => Volatile.Read(ref queueDepth);

    /// <summary>The gate that bounds calls, when the stage is parallel.</summary>
    public AdjustableGate? Calls { get; set; }

    /// <summary>The gate that bounds the buffer, when the stage has one.</summary>
    public AdjustableGate? Buffer { get; set; }

    public long Now() => time.GetTimestamp();

    public void AddBusy(long since) => Interlocked.Add(ref busy, Now() - since);

    public void AddInputWait(long since) => Interlocked.Add(ref inputWait, Now() - since);

    public void AddOutputWait(long since) => Interlocked.Add(ref outputWait, Now() - since);

    public void CountElement() => Interlocked.Increment(ref elements);

    public void CountError() => Interlocked.Increment(ref errors);

    public int Queue(int change) => Interlocked.Add(ref queueDepth, change);

    public StageReport Report() => new(
        Name,
        Elements,
        Volatile.Read(ref errors),
        Span(BusyTicks),
        Span(Volatile.Read(ref inputWait)),
        Span(Volatile.Read(ref outputWait)),
        QueueDepth,
        Buffer?.Limit ?? 0,
        Calls?.Limit ?? 1);

    private TimeSpan Span(long ticks) => time.GetElapsedTime(0, ticks);
}
