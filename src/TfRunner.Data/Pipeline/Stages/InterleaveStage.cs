namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Elements of several datasets in turn.</summary>
internal static class InterleaveStage
{
    // Elements that each dataset of a parallel cycle reads ahead beyond its block.
    private const int Ahead = 2;

    public static async IAsyncEnumerable<Element<TOut>> Interleave<T, TOut>(
        IAsyncEnumerable<Element<T>> source,
        Func<T, Dataset<TOut>> inner,
        int cycleLength,
        int blockLength,
        int parallelCalls,
        PipelineRun run)
    {
        var counters = run.AddStage("interleave");
        await using var sources = source.GetAsyncEnumerator(run.Token);
        var cycle = new Slot<TOut>?[cycleLength];
        var opened = 0L;
        var ended = false;
        var open = 0;
        try
        {
            for (var i = 0; !ended || open > 0; i = (i + 1) % cycleLength)
            {
                for (var taken = 0; taken < blockLength;)
                {
                    if (cycle[i] is null)
                    {
                        if (ended || !await sources.MoveNextAsync().ConfigureAwait(false))
                        {
                            ended = true;
                            break;
                        }

                        var (slot, error) = Open(sources.Current, opened);
                        if (slot is null)
                        {
                            // The error stands for a dataset of one element.
                            counters.CountElement();
                            yield return error;
                            break;
                        }

                        (cycle[i], open, opened) = (slot, open + 1, opened + 1);
                    }

                    if (!await cycle[i]!.Elements.MoveNextAsync().ConfigureAwait(false))
                    {
                        await cycle[i]!.DisposeAsync().ConfigureAwait(false);
                        (cycle[i], open) = (null, open - 1);
                        break;
                    }

                    taken++;
                    counters.CountElement();
                    yield return cycle[i]!.Elements.Current;
                }
            }
        }
        finally
        {
            foreach (var slot in cycle)
            {
                if (slot is not null)
                {
                    await slot.DisposeAsync().ConfigureAwait(false);
                }
            }
        }

        (Slot<TOut>? Slot, Element<TOut> Error) Open(Element<T> element, long index)
        {
            if (element.Error is not null)
            {
                return (null, element.As<TOut>());
            }

            try
            {
                var dataset = inner(element.Value);
                var ahead = parallelCalls == Dataset.Auto || (parallelCalls > 1 && index % cycleLength < parallelCalls);
                return (new(ahead ? dataset.Prefetch(blockLength + Ahead) : dataset, run.Nested()), default);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                counters.CountError();
                return (null, Element<TOut>.Failed(e));
            }
        }
    }

    private sealed class Slot<TOut>(Dataset<TOut> dataset, PipelineRun run) : IAsyncDisposable
    {
        public IAsyncEnumerator<Element<TOut>> Elements { get; } = dataset.Open(run).GetAsyncEnumerator(run.Token);

        public async ValueTask DisposeAsync()
        {
            await Elements.DisposeAsync().ConfigureAwait(false);
            await run.DisposeAsync().ConfigureAwait(false);
        }
    }
}
