namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Stages that choose and reorder elements without changing them.</summary>
internal static class SelectionStages
{
    public static async IAsyncEnumerable<Element<T>> Where<T>(IAsyncEnumerable<Element<T>> source, Func<T, bool> predicate, StageCounters counters)
    {
        await foreach (var element in source.ConfigureAwait(false))
        {
            var kept = element;
            if (element.Error is null)
            {
                try
                {
                    if (!predicate(element.Value))
                    {
                        continue;
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    counters.CountError();
                    kept = Element<T>.Failed(e);
                }
            }

            counters.CountElement();
            yield return kept;
        }
    }

    public static async IAsyncEnumerable<Element<T>> Take<T>(IAsyncEnumerable<Element<T>> source, long count)
    {
        if (count == 0)
        {
            yield break;
        }

        await foreach (var element in source.ConfigureAwait(false))
        {
            yield return element;

            // Asking for one more than needed would read ahead for nothing.
            if (--count == 0)
            {
                yield break;
            }
        }
    }

    public static async IAsyncEnumerable<Element<T>> Keep<T>(IAsyncEnumerable<Element<T>> source, Func<long, bool> position)
    {
        var i = 0L;
        await foreach (var element in source.ConfigureAwait(false))
        {
            if (position(i++))
            {
                yield return element;
            }
        }
    }

    public static async IAsyncEnumerable<Element<T>> Repeat<T>(Dataset<T> source, long? times, PipelineRun run)
    {
        for (var i = 0L; times is null || i < times; i++)
        {
            var any = false;
            var inner = i == 0 ? run : run.Nested();
            try
            {
                await foreach (var element in source.Open(inner).WithCancellation(inner.Token).ConfigureAwait(false))
                {
                    any = true;
                    yield return element;
                }
            }
            finally
            {
                if (i > 0)
                {
                    await inner.DisposeAsync().ConfigureAwait(false);
                }
            }

            // Nothing for ever would never return.
            if (!any)
            {
                yield break;
            }
        }
    }

    public static async IAsyncEnumerable<Element<T>> Concat<T>(Dataset<T> first, Dataset<T> second, PipelineRun run)
    {
        await foreach (var element in first.Open(run).ConfigureAwait(false))
        {
            yield return element;
        }

        await foreach (var element in second.Open(run).ConfigureAwait(false))
        {
            yield return element;
        }
    }

    public static async IAsyncEnumerable<Element<T>> Shuffle<T>(IAsyncEnumerable<Element<T>> source, int size, ulong seed, StageCounters counters)
    {
        var random = new SplitMix64(seed);
        var buffer = new List<Element<T>>(Math.Min(size, 1 << 16));
        await foreach (var element in source.ConfigureAwait(false))
        {
            if (buffer.Count < size)
            {
                buffer.Add(element);
                counters.Queue(1);
                continue;
            }

            var chosen = random.Below(buffer.Count);
            var next = buffer[chosen];
            buffer[chosen] = element;
            counters.CountElement();
            yield return next;
        }

        while (buffer.Count > 0)
        {
            var chosen = random.Below(buffer.Count);
            var next = buffer[chosen];
            buffer[chosen] = buffer[^1];
            buffer.RemoveAt(buffer.Count - 1);
            counters.Queue(-1);
            counters.CountElement();
            yield return next;
        }
    }

    public static async IAsyncEnumerable<Element<T>> OnError<T>(IAsyncEnumerable<Element<T>> source, Func<Exception, bool> handle)
    {
        await foreach (var element in source.ConfigureAwait(false))
        {
            if (element.Error is null || !handle(element.Error.SourceException))
            {
                yield return element;
            }
        }
    }
}
