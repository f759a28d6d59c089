namespace TfRunner.Measurement;

/// <summary>One request of a load, in the clock's ticks.</summary>
/// <param name="Intended">When it was meant to start; in a closed loop, when it did.</param>
/// <param name="Start">When its call began.</param>
/// <param name="End">When its call ended.</param>
internal readonly record struct Request(long Intended, long Start, long End)
{
    /// <summary>What its user waited: from the intended start to the end.</summary>
    public long Latency => End - Intended;

    /// <summary>What the call itself took.</summary>
    public long Service => End - Start;

    /// <summary>How long after its time it was started.</summary>
    public long Delay => Start - Intended;
}
