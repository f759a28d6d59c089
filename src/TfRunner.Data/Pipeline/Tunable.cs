namespace TfRunner.Data.Pipeline;

/// <summary>A value that <see cref="AutoTuner"/> may change, and what it looks at to decide.</summary>
internal sealed class Tunable(AdjustableGate gate, StageCounters stage, bool isBuffer, Func<long> bytesPerElement)
{
    private long lastBusy;
    private long lastElements;

    public AdjustableGate Gate { get; } = gate;

    public StageCounters Stage { get; } = stage;

    public bool IsBuffer { get; } = isBuffer;

    public long BytesPerElement => bytesPerElement();

    /// <summary>Own work and elements since the last look.</summary>
    public (long Busy, long Elements) Since()
    {
        var (busy, elements) = (Stage.BusyTicks, Stage.Elements);
        var delta = (busy - lastBusy, elements - lastElements);
        (lastBusy, lastElements) = (busy, elements);
        return delta;
    }
}
