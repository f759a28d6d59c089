using System.Runtime.CompilerServices;

namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Stages that group elements and take groups apart.</summary>
internal static class BatchStages
{
    public static async IAsyncEnumerable<Element<ElementBatch<T>>> Batch<T>(IAsyncEnumerable<Element<T>> source, int size, BatchRemainder remainder, StageCounters counters)
    {
        var items = new List<T>(Math.Min(size, 1 << 16));
        await foreach (var element in source.ConfigureAwait(false))
        {
            if (element.Error is not null)
            {
                yield return element.As<ElementBatch<T>>();
                continue;
            }

            items.Add(element.Value);
            if (items.Count == size)
            {
                counters.CountElement();
                yield return new(new ElementBatch<T>(items, size));
                items = new(Math.Min(size, 1 << 16));
            }
        }

        if (Rest(items, size, remainder) is { } rest)
        {
            counters.CountElement();
            yield return new(rest);
        }
    }

    public static async IAsyncEnumerable<Element<ElementBatch<T>>> Bucket<T>(
        IAsyncEnumerable<Element<T>> source,
        Func<T, int> length,
        IReadOnlyList<int> boundaries,
        IReadOnlyList<int> sizes,
        BatchRemainder remainder,
        StageCounters counters)
    {
        var buckets = sizes.Select(static _ => new List<T>()).ToArray();
        await foreach (var element in source.ConfigureAwait(false))
        {
            if (element.Error is not null)
            {
                yield return element.As<ElementBatch<T>>();
                continue;
            }

            int bucket;
            Element<ElementBatch<T>> failed = default;
            try
            {
                var n = length(element.Value);
                bucket = boundaries.Count(b => b <= n);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                counters.CountError();
                failed = Element<ElementBatch<T>>.Failed(e);
                bucket = -1;
            }

            if (bucket < 0)
            {
                yield return failed;
                continue;
            }

            buckets[bucket].Add(element.Value);
            if (buckets[bucket].Count == sizes[bucket])
            {
                counters.CountElement();
                yield return new(new ElementBatch<T>(buckets[bucket], sizes[bucket]));
                buckets[bucket] = [];
            }
        }

        for (var i = 0; i < buckets.Length; i++)
        {
            if (Rest(buckets[i], sizes[i], remainder) is { } rest)
            {
                counters.CountElement();
                yield return new(rest);
            }
        }
    }

    public static async IAsyncEnumerable<Element<TOut>> Unbatch<T, TOut>(
        IAsyncEnumerable<Element<T>> source,
        Func<T, IEnumerable<TOut>> parts,
        StageCounters counters,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var element in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (element.Error is not null)
            {
                yield return element.As<TOut>();
                continue;
            }

            var items = parts(element.Value).GetEnumerator();
            using (items)
            {
                while (true)
                {
                    Element<TOut> part;
                    try
                    {
                        if (!items.MoveNext())
                        {
                            break;
                        }

                        part = new(items.Current);
                    }
                    catch (Exception e) when (e is not OperationCanceledException)
                    {
                        counters.CountError();
                        part = Element<TOut>.Failed(e);
                    }

                    counters.CountElement();
                    yield return part;
                    if (part.Error is not null)
                    {
                        break;
                    }
                }
            }
        }
    }

    private static ElementBatch<T>? Rest<T>(List<T> items, int size, BatchRemainder remainder)
    {
        var count = items.Count;
        if (count == 0 || remainder == BatchRemainder.Drop)
        {
            return null;
        }

        while (remainder == BatchRemainder.Pad && items.Count < size)
        {
            items.Add(items[count - 1]);
        }

        return new(items, count);
    }
}
