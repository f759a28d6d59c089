namespace TfRunner.Data.Pipeline;

/// <summary>A semaphore whose limit can change while it is used. Waiters enter in order.</summary>
internal sealed class AdjustableGate
{
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int limit;
    private int entered;
    private int peak;

    public AdjustableGate(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        this.limit = limit;
    }

    /// <summary>How many may be inside. Lowering it turns nobody out.</summary>
    public int Limit
    {
        get => Volatile.Read(ref limit);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            lock (gate)
            {
                limit = value;
                Admit();
            }
        }
    }

    public int Entered => Volatile.Read(ref entered);

    /// <summary>The most that were inside since this was last called.</summary>
    public int TakePeak()
    {
        lock (gate)
        {
            var most = Math.Max(peak, entered);
            peak = entered;
            return most;
        }
    }

    public ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource waiter;
        lock (gate)
        {
            if (entered < limit && waiting.Count == 0)
            {
                entered++;
                peak = Math.Max(peak, entered);
                return ValueTask.CompletedTask;
            }

            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter);
        }

        return Wait(waiter, cancellationToken);
    }

    public void Leave()
    {
        lock (gate)
        {
            entered--;
            Admit();
        }
    }

    private static async ValueTask Wait(TaskCompletionSource waiter, CancellationToken cancellationToken)
    {
        // A cancelled waiter stays in the queue; Admit passes over it because it can no longer be completed.
        await using var registration = cancellationToken.Register(static w => ((TaskCompletionSource)w!).TrySetCanceled(), waiter).ConfigureAwait(false);
        await waiter.Task.ConfigureAwait(false);
    }

    private void Admit()
    {
        while (entered < limit && waiting.TryDequeue(out var next))
        {
            if (next.TrySetResult())
            {
                entered++;
                peak = Math.Max(peak, entered);
            }
        }
    }
}
