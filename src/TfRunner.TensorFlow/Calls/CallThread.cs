using System.Collections.Concurrent;

namespace TfRunner.TensorFlow.Calls;

/// <summary>
/// A thread that makes native calls and waits for the next. They are not the pool's threads: callers block while they
/// wait, and a pool that is full of waiting callers would have none left for the calls.
/// </summary>
internal sealed class CallThread
{
    private const int MostIdle = 64;
    private static readonly ConcurrentStack<CallThread> Idle = new();
    private readonly object wake = new();
    private Action? work;

    /// <summary>Runs work on an idle thread, or on a new one.</summary>
    public static void Run(Action work)
    {
        if (!Idle.TryPop(out var thread))
        {
            thread = new CallThread();
            new Thread(thread.Loop) { IsBackground = true, Name = "TfRunner call" }.Start();
        }

        lock (thread.wake)
        {
            thread.work = work;
            Monitor.Pulse(thread.wake);
        }
    }

    private void Loop()
    {
        do
        {
            Take()();
        }
        while (Rest());
    }

    private Action Take()
    {
        lock (wake)
        {
            while (work is null)
            {
                Monitor.Wait(wake);
            }

            var next = work;
            work = null;
            return next;
        }
    }

    private bool Rest()
    {
        if (Idle.Count >= MostIdle)
        {
            return false;
        }

        Idle.Push(this);
        return true;
    }
}
