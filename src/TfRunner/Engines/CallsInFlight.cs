namespace TfRunner.Engines;

/// <summary>Counts calls, so that closing can wait for them. Entering and leaving take no lock.</summary>
internal sealed class CallsInFlight
{
    private const long Closed = 1L << 62;
    private readonly object drained = new();
    private long state;

    public void Enter(object owner)
    {
        if ((Interlocked.Increment(ref state) & Closed) != 0)
        {
            Leave();
            throw new ObjectDisposedException(owner.GetType().Name);
        }
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref state) == Closed)
        {
            lock (drained)
            {
                Monitor.PulseAll(drained);
            }
        }
    }

    /// <summary>Lets no further call in and waits for those inside.</summary>
    /// <returns>True for the caller that closed it; false when it was closed before.</returns>
    public bool Close()
    {
        var before = Interlocked.Or(ref state, Closed);
        if ((before & Closed) != 0)
        {
            return false;
        }

        lock (drained)
        {
            while (Interlocked.Read(ref state) != Closed)
            {
                Monitor.Wait(drained);
            }
        }

        return true;
    }
}
