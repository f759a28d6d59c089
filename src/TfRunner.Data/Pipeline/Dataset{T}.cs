using TfRunner.Data.Pipeline.Stages;

namespace TfRunner.Data.Pipeline;

/// <summary>
/// A description of elements and what is done to them, as tf.data has it: lazy, immutable, and run anew by each enumeration.
/// An error takes the place of the element that caused it and is thrown when that place is reached, unless
/// <see cref="OnError"/> takes it out; order is the sequential one whatever runs in parallel, except where said.
/// Elements that nobody takes, because a run ended early, are left to the garbage collector.
/// </summary>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Dataset<T> : IAsyncEnumerable<T>
{
    private readonly Func<PipelineRun, IAsyncEnumerable<Element<T>>> open;

    internal Dataset(Func<PipelineRun, IAsyncEnumerable<Element<T>>> open) => this.open = open;

    /// <summary>Runs the dataset with default options.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The elements.</returns>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Start(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>Prepares a run whose stages can be watched. Nothing is read before the first element is asked for.</summary>
    /// <param name="options">How to run; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The run.</returns>
    public RunningDataset<T> Start(PipelineOptions? options = null, CancellationToken cancellationToken = default) => new(this, options ?? new(), cancellationToken);

    /// <summary>Applies a function to each element, one at a time, on the thread that asks.</summary>
    /// <typeparam name="TOut">The result type.</typeparam>
    /// <param name="map">The function.</param>
    /// <param name="name">The stage's name in reports.</param>
    /// <returns>The dataset of results.</returns>
    public Dataset<TOut> Map<TOut>(Func<T, TOut> map, string name = "map")
    {
        ArgumentNullException.ThrowIfNull(map);
        return new(run => MapStage.Sequential(Open(run), (x, _) => ValueTask.FromResult(map(x)), run.AddStage(name), run.Token));
    }

    /// <summary>Applies a function to several elements at once.</summary>
    /// <typeparam name="TOut">The result type.</typeparam>
    /// <param name="map">The function; called from many threads.</param>
    /// <param name="parallelCalls">Calls at once, at least 1, or <see cref="Dataset.Auto"/>.</param>
    /// <param name="ordered">Whether results keep the order of their elements; otherwise they come as they are ready.</param>
    /// <param name="name">The stage's name in reports.</param>
    /// <returns>The dataset of results.</returns>
    public Dataset<TOut> Map<TOut>(Func<T, TOut> map, int parallelCalls, bool ordered = true, string name = "map")
    {
        ArgumentNullException.ThrowIfNull(map);
        return Map((x, _) => ValueTask.FromResult(map(x)), parallelCalls, ordered, name);
    }

    /// <summary>Applies an asynchronous function to several elements at once.</summary>
    /// <inheritdoc cref="Map{TOut}(Func{T, TOut}, int, bool, string)"/>
    public Dataset<TOut> Map<TOut>(Func<T, CancellationToken, ValueTask<TOut>> map, int parallelCalls, bool ordered = true, string name = "map")
    {
        ArgumentNullException.ThrowIfNull(map);
        CheckCount(parallelCalls);
        return new(run => MapStage.Parallel(Open(run), map, parallelCalls, ordered, run.AddStage(name), run));
    }

    /// <summary>Keeps the elements that pass.</summary>
    /// <param name="predicate">What passes.</param>
    /// <returns>The dataset of those elements.</returns>
    public Dataset<T> Where(Func<T, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return new(run => SelectionStages.Where(Open(run), predicate, run.AddStage("filter")));
    }

    /// <summary>The first elements. An error counts as the element it stands for.</summary>
    /// <param name="count">How many at most, 0 or more.</param>
    /// <returns>The dataset of those elements.</returns>
    public Dataset<T> Take(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(run => SelectionStages.Take(Open(run), count));
    }

    /// <summary>All but the first elements. An error counts as the element it stands for.</summary>
    /// <param name="count">How many to leave out, 0 or more.</param>
    /// <returns>The dataset of the other elements.</returns>
    public Dataset<T> Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(run => SelectionStages.Keep(Open(run), i => i >= count));
    }

    /// <summary>Every element whose position modulo <paramref name="shards"/> is <paramref name="index"/>.</summary>
    /// <param name="shards">How many shards there are, at least 1.</param>
    /// <param name="index">Which one, from 0.</param>
    /// <returns>The dataset of the shard's elements.</returns>
    public Dataset<T> Shard(int shards, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, shards);
        return new(run => SelectionStages.Keep(Open(run), i => i % shards == index));
    }

    /// <summary>The elements several times over; the source is run anew each time.</summary>
    /// <param name="times">How often, 0 or more; null for ever.</param>
    /// <returns>The dataset.</returns>
    public Dataset<T> Repeat(long? times = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times ?? 0);
        return new(run => SelectionStages.Repeat(this, times, run));
    }

    /// <summary>These elements, then those of another dataset.</summary>
    /// <param name="next">The other dataset.</param>
    /// <returns>The dataset of both.</returns>
    public Dataset<T> Concat(Dataset<T> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new(run => SelectionStages.Concat(this, next, run));
    }

    /// <summary>Groups consecutive elements. An error passes ahead of the batch that is being gathered, which goes on without it.</summary>
    /// <param name="size">Elements per batch, at least 1.</param>
    /// <param name="remainder">What becomes of the last elements.</param>
    /// <returns>The dataset of batches.</returns>
    public Dataset<ElementBatch<T>> Batch(int size, BatchRemainder remainder = BatchRemainder.Keep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        return new(run => BatchStages.Batch(Open(run), size, remainder, run.AddStage("batch")));
    }

    /// <summary>Groups elements of like length, so that padding them together costs little. Batches come out as they fill; the rest, shortest first, at the end.</summary>
    /// <param name="length">An element's length.</param>
    /// <param name="boundaries">The upper bounds (exclusive) of all buckets but the last, ascending.</param>
    /// <param name="sizes">Elements per batch, one number per bucket: one more than there are boundaries.</param>
    /// <param name="remainder">What becomes of a bucket's last elements.</param>
    /// <returns>The dataset of batches.</returns>
    public Dataset<ElementBatch<T>> BucketByLength(Func<T, int> length, IReadOnlyList<int> boundaries, IReadOnlyList<int> sizes, BatchRemainder remainder = BatchRemainder.Keep)
    {
        ArgumentNullException.ThrowIfNull(length);
        ArgumentNullException.ThrowIfNull(boundaries);
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count != boundaries.Count + 1 || sizes.Any(static s => s < 1) || boundaries.Zip(boundaries.Skip(1)).Any(static b => b.First >= b.Second))
        {
            throw new ArgumentException("Boundaries ascend, and there is one size of at least 1 more than there are boundaries.", nameof(sizes));
        }

        return new(run => BatchStages.Bucket(Open(run), length, boundaries, sizes, remainder, run.AddStage("bucket")));
    }

    /// <summary>Replaces each element by several.</summary>
    /// <typeparam name="TOut">The type of the parts.</typeparam>
    /// <param name="parts">An element's parts, in order.</param>
    /// <returns>The dataset of parts.</returns>
    public Dataset<TOut> Unbatch<TOut>(Func<T, IEnumerable<TOut>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new(run => BatchStages.Unbatch(Open(run), parts, run.AddStage("unbatch"), run.Token));
    }

    /// <summary>Mixes the order: keeps a buffer of elements and gives a random one of it each time, as tf.data does.</summary>
    /// <param name="bufferSize">Elements to choose from, at least 1; the whole dataset for a perfect shuffle.</param>
    /// <param name="seed">Decides the order; the same seed gives the same order on every machine.</param>
    /// <returns>The dataset in mixed order.</returns>
    public Dataset<T> Shuffle(int bufferSize, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bufferSize, 1);
        return new(run => SelectionStages.Shuffle(Open(run), bufferSize, seed, run.AddStage("shuffle")));
    }

    /// <summary>
    /// Makes a dataset of each element and takes from several of them in turn: <paramref name="blockLength"/> elements of the
    /// first, then of the second, and so on round a cycle; one that ends is replaced by the next. The order does not depend on
    /// <paramref name="parallelCalls"/>.
    /// </summary>
    /// <typeparam name="TOut">The type of the inner elements.</typeparam>
    /// <param name="inner">The dataset of an element.</param>
    /// <param name="cycleLength">Datasets in the cycle, at least 1.</param>
    /// <param name="blockLength">Elements taken from one at a time, at least 1.</param>
    /// <param name="parallelCalls">Datasets of the cycle that read ahead at once, at least 1, or <see cref="Dataset.Auto"/> for all; 1 reads none ahead.</param>
    /// <returns>The dataset of inner elements.</returns>
    public Dataset<TOut> Interleave<TOut>(Func<T, Dataset<TOut>> inner, int cycleLength, int blockLength = 1, int parallelCalls = 1)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentOutOfRangeException.ThrowIfLessThan(cycleLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        CheckCount(parallelCalls);
        return new(run => InterleaveStage.Interleave(Open(run), inner, cycleLength, blockLength, parallelCalls, run));
    }

    /// <summary>Keeps the elements of the first whole run in memory, for the runs after it. A run with an error is not kept.</summary>
    /// <returns>The dataset; its elements are shared between runs and must not be disposed.</returns>
    public Dataset<T> Cache()
    {
        var kept = new MemoryCache<T>();
        return new(run => kept.Open(this, run));
    }

    /// <summary>Keeps the elements of the first whole run in a file, for the runs after it, also of later processes. A run with an error is not kept.</summary>
    /// <param name="path">The file; written beside it and renamed when whole.</param>
    /// <param name="write">Writes one element.</param>
    /// <param name="read">Reads one element.</param>
    /// <returns>The dataset.</returns>
    public Dataset<T> Cache(string path, Action<BinaryWriter, T> write, Func<BinaryReader, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return new(run => FileCache.Open(this, path, write, read, run));
    }

    /// <summary>Fetches elements in the background before they are asked for.</summary>
    /// <param name="bufferSize">Elements held ready, at least 1, or <see cref="Dataset.Auto"/>.</param>
    /// <returns>The dataset.</returns>
    public Dataset<T> Prefetch(int bufferSize = Dataset.Auto)
    {
        CheckCount(bufferSize);
        return new(run => PrefetchStage.Prefetch(Open(run), bufferSize, run.AddStage("prefetch"), run));
    }

    /// <summary>Takes errors out of the stream, in their order among the elements.</summary>
    /// <param name="handle">Told of each error; true goes on without the element, false lets the error pass.</param>
    /// <returns>The dataset without the errors that were handled.</returns>
    public Dataset<T> OnError(Func<Exception, bool> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new(run => SelectionStages.OnError(Open(run), handle));
    }

    /// <summary>Runs the dataset and gathers its elements.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The elements.</returns>
    public async Task<IReadOnlyList<T>> ToListAsync(CancellationToken cancellationToken = default)
    {
        var items = new List<T>();
        await foreach (var item in this.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            items.Add(item);
        }

        return items;
    }

    internal IAsyncEnumerable<Element<T>> Open(PipelineRun run) => open(run);

    private static void CheckCount(int count)
    {
        if (count is < 1 and not Dataset.Auto)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "At least 1, or Dataset.Auto.");
        }
    }
}
