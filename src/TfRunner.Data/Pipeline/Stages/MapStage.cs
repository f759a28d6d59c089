using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Functions applied to elements: one at a time, or several at once in order or not.</summary>
internal static class MapStage
{
    // Calls that a tuned stage starts with.
    private const int FirstCalls = 1;

    public static async IAsyncEnumerable<Element<TOut>> Sequential<TIn, TOut>(
        IAsyncEnumerable<Element<TIn>> source,
        Func<TIn, CancellationToken, ValueTask<TOut>> map,
        StageCounters counters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var element in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var result = await Apply(element, map, counters, cancellationToken).ConfigureAwait(false);
            counters.CountElement();
            yield return result;
        }
    }

    public static async IAsyncEnumerable<Element<TOut>> Parallel<TIn, TOut>(
        IAsyncEnumerable<Element<TIn>> source,
        Func<TIn, CancellationToken, ValueTask<TOut>> map,
        int parallelCalls,
        bool ordered,
        StageCounters counters,
        PipelineRun run)
    {
        var auto = parallelCalls == Dataset.Auto;
        var calls = new AdjustableGate(auto ? FirstCalls : parallelCalls);
        var window = new AdjustableGate(Math.Max(2, auto ? run.Options.MaxParallelCalls * 2 : parallelCalls * 2));
        (counters.Calls, counters.Buffer) = (calls, window);
        var bytes = 0L;
        if (auto)
        {
            run.Tune(calls, counters, isBuffer: false, () => Volatile.Read(ref bytes));
            run.Tune(window, counters, isBuffer: true, () => Volatile.Read(ref bytes));
        }

        // In order: the tasks themselves queue up. As they are ready: each queues its finished self.
        var results = Channel.CreateUnbounded<Task<Element<TOut>>>(new() { SingleReader = true });
        run.StartPump(async token =>
        {
            var running = new List<Task>();
            Exception? failure = null;
            try
            {
                var wait = counters.Now();
                await foreach (var element in source.WithCancellation(token).ConfigureAwait(false))
                {
                    counters.AddInputWait(wait);
                    wait = counters.Now();
                    await window.EnterAsync(token).ConfigureAwait(false);
                    counters.AddOutputWait(wait);
                    await calls.EnterAsync(token).ConfigureAwait(false);
                    var task = Task.Run(() => Call(element, token), CancellationToken.None);
                    if (ordered)
                    {
                        results.Writer.TryWrite(task);
                    }
                    else
                    {
                        running.RemoveAll(static t => t.IsCompleted);
                        running.Add(task.ContinueWith(results.Writer.TryWrite, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
                    }

                    wait = counters.Now();
                }

                await Task.WhenAll(running).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failure = e;
                throw;
            }
            finally
            {
                results.Writer.TryComplete(failure);
            }
        });

        async Task<Element<TOut>> Call(Element<TIn> element, CancellationToken token)
        {
            try
            {
                var result = await Apply(element, map, counters, token).ConfigureAwait(false);
                if (auto && result.Error is null)
                {
                    Volatile.Write(ref bytes, ElementBytes.Of(result.Value));
                }

                counters.Queue(1);
                return result;
            }
            finally
            {
                calls.Leave();
            }
        }

        await foreach (var task in results.Reader.ReadAllAsync(run.Token).ConfigureAwait(false))
        {
            var element = await task.ConfigureAwait(false);
            counters.Queue(-1);
            counters.CountElement();
            window.Leave();
            yield return element;
        }
    }

    private static async ValueTask<Element<TOut>> Apply<TIn, TOut>(
        Element<TIn> element,
        Func<TIn, CancellationToken, ValueTask<TOut>> map,
        StageCounters counters,
        CancellationToken cancellationToken)
    {
        if (element.Error is not null)
        {
            return element.As<TOut>();
        }

        var since = counters.Now();
        try
        {
            return new(await map(element.Value, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            counters.CountError();
            return Element<TOut>.Failed(e);
        }
        finally
        {
            counters.AddBusy(since);
        }
    }
}
