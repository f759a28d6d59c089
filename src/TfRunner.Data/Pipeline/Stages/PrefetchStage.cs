using System.Threading.Channels;

namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Elements fetched in the background.</summary>
internal static class PrefetchStage
{
    // What a tuned buffer starts with.
    private const int FirstSize = 2;

    public static async IAsyncEnumerable<Element<T>> Prefetch<T>(IAsyncEnumerable<Element<T>> source, int bufferSize, StageCounters counters, PipelineRun run)
    {
        var auto = bufferSize == Dataset.Auto;
        var buffer = new AdjustableGate(auto ? FirstSize : bufferSize);
        counters.Buffer = buffer;
        var bytes = 0L;
        if (auto)
        {
            run.Tune(buffer, counters, isBuffer: true, () => Volatile.Read(ref bytes));
        }

        var ready = Channel.CreateUnbounded<Element<T>>(new() { SingleReader = true, SingleWriter = true });
        run.StartPump(async token =>
        {
            Exception? failure = null;
            try
            {
                await using var items = source.GetAsyncEnumerator(token);
                while (true)
                {
                    var wait = counters.Now();
                    await buffer.EnterAsync(token).ConfigureAwait(false);
                    counters.AddOutputWait(wait);
                    wait = counters.Now();
                    if (!await items.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }

                    counters.AddInputWait(wait);
                    if (auto && items.Current.Error is null)
                    {
                        Volatile.Write(ref bytes, ElementBytes.Of(items.Current.Value));
                    }

                    counters.Queue(1);
                    ready.Writer.TryWrite(items.Current);
                }
            }
            catch (Exception e)
            {
                failure = e;
                throw;
            }
            finally
            {
                ready.Writer.TryComplete(failure);
            }
        });

        await foreach (var element in ready.Reader.ReadAllAsync(run.Token).ConfigureAwait(false))
        {
            counters.Queue(-1);
            counters.CountElement();
            buffer.Leave();
            yield return element;
        }
    }
}
