using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Tests.Pipeline;

public sealed class ErrorsAndCancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(Dataset.Auto)]
    public async Task AnErrorArrivesInThePlaceOfItsElement(int parallelCalls)
    {
        var seen = new List<long>();
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var x in Failing(parallelCalls).Prefetch(4).WithCancellation(Token))
            {
                seen.Add(x);
            }
        });
        Assert.Equal("element 5", error.Message);
        Assert.Equal([0, 1, 2, 3, 4], seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task AHandledErrorCostsOnlyItsElement(int parallelCalls)
    {
        var errors = new List<string>();
        var seen = await Failing(parallelCalls).OnError(e =>
        {
            errors.Add(e.Message);
            return true;
        }).Batch(4).Unbatch(static b => b.Items).ToListAsync(Token);
        Assert.Equal(["element 5", "element 12"], errors);
        Assert.Equal(Enumerable.Range(0, 20).Select(static x => (long)x).Except([5, 12]), seen);
    }

    [Fact]
    public async Task AnErrorPassesAheadOfTheBatchBeingGathered()
    {
        var batches = new List<int>();
        var at = -1;
        await Failing(2).Batch(8).OnError(_ =>
        {
            at = at < 0 ? batches.Count : at;
            return true;
        }).Map(b =>
        {
            batches.Add(b.Count);
            return b;
        }).ToListAsync(Token);
        Assert.Equal([8, 8, 2], batches);
        Assert.Equal(0, at);
    }

    [Fact]
    public async Task AFailingSourceEndsAfterItsError()
    {
        var seen = new List<int>();
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var x in Dataset.From(Broken()).Prefetch(2).WithCancellation(Token))
            {
                seen.Add(x);
            }
        });
        Assert.Equal([1, 2], seen);

        static IEnumerable<int> Broken()
        {
            yield return 1;
            yield return 2;
            throw new InvalidDataException();
        }
    }

    [Fact]
    public async Task CancellingEndsWaitingStages()
    {
        using var cancel = new CancellationTokenSource();
        var never = new TaskCompletionSource<int>();
        var started = new TaskCompletionSource();
        var dataset = Dataset.Range(0, 10).Map(
            async (_, token) =>
            {
                started.TrySetResult();
                return await never.Task.WaitAsync(token);
            },
            2).Prefetch(2);
        var taking = dataset.ToListAsync(cancel.Token);
        await started.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    [Fact]
    public async Task LeavingEarlyStopsTheSource()
    {
        var read = 0;
        await foreach (var x in Dataset.From(Endless()).Map(static x => x, 4).Prefetch(4).WithCancellation(Token))
        {
            if (x == 3)
            {
                break;
            }
        }

        var after = read;
        await Task.Yield();
        Assert.Equal(after, read);
        Assert.InRange(read, 4, 64);

        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }
    }

    [Fact]
    public async Task ParallelCallsNeverExceedTheirNumber()
    {
        var running = 0;
        var most = 0;
        await Dataset.Range(0, 64).Map(
            async (x, _) =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return x;
            },
            3).ToListAsync(Token);
        Assert.InRange(most, 1, 3);

        static void InterlockedMax(ref int target, int value)
        {
            for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
            {
                Interlocked.CompareExchange(ref target, value, seen);
            }
        }
    }

    private static Dataset<long> Failing(int parallelCalls) =>
        Dataset.Range(0, 20).Map(static x => x is 5 or 12 ? throw new InvalidDataException($"element {x}") : x, parallelCalls);
}
