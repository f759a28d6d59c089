using System.Runtime.ExceptionServices;

namespace TfRunner.Onnx.Execution;

/// <summary>
/// Threads that compute parts of one call side by side. They serve one call at a time: a call that finds them busy computes
/// its parts itself, since then the cores have work already; and a call does not wait for a thread that has not begun when
/// all parts are taken, as happens where other programs hold the cores. Calling them allocates nothing.
/// </summary>
internal sealed class RowCrew : IDisposable
{
    private const int Ended = int.MinValue;

    private readonly Thread[] threads;
    private readonly SemaphoreSlim start = new(0);
    private readonly SemaphoreSlim done = new(0);
    private IRowParts? parts;
    private ExceptionDispatchInfo? failure;
    private int next;
    private int isBusy;
    private int working = Ended;
    private volatile bool isClosed;

    /// <summary>Starts the threads.</summary>
    /// <param name="helpers">How many, beside the caller's.</param>
    public RowCrew(int helpers)
    {
        threads = new Thread[helpers];
        for (var i = 0; i < helpers; i++)
        {
            threads[i] = new Thread(Help) { IsBackground = true, Name = "TfRunner rows" };
            threads[i].Start();
        }
    }

    /// <summary>Runs all parts and returns when they are done.</summary>
    /// <param name="call">The parts.</param>
    /// <param name="cores">How many threads take part, the caller's with them.</param>
    public void Run(IRowParts call, int cores)
    {
        if (cores < 2 || Interlocked.CompareExchange(ref isBusy, 1, 0) != 0)
        {
            for (var i = 0; i < call.Count; i++)
            {
                call.Run(i);
            }

            return;
        }

        (failure, next, parts) = (null, 0, call);
        Volatile.Write(ref working, 0);
        start.Release(Math.Min(cores - 1, threads.Length));
        Work(call);

        // Nobody begins from here on; those who have begun are waited for.
        var begun = Interlocked.Exchange(ref working, Ended);
        for (var i = 0; i < begun; i++)
        {
            done.Wait();
        }

        var failed = failure;
        (parts, failure) = (null, null);
        Volatile.Write(ref isBusy, 0);
        failed?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        isClosed = true;
        start.Release(threads.Length);
        Array.ForEach(threads, static t => t.Join());
        start.Dispose();
        done.Dispose();
    }

    private void Help()
    {
        while (true)
        {
            start.Wait();
            if (isClosed)
            {
                return;
            }

            if (Begin())
            {
                Work(parts!);
                done.Release();
            }
        }
    }

    /// <summary>Joins the call that is going on; false where it has ended, so that this start came too late.</summary>
    private bool Begin()
    {
        while (true)
        {
            var before = Volatile.Read(ref working);
            if (before < 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref working, before + 1, before) == before)
            {
                return true;
            }
        }
    }

    private void Work(IRowParts call)
    {
        try
        {
            while (Interlocked.Increment(ref next) - 1 is var part && part < call.Count)
            {
                call.Run(part);
            }
        }
        catch (Exception e)
        {
            failure = ExceptionDispatchInfo.Capture(e);
        }
    }
}
