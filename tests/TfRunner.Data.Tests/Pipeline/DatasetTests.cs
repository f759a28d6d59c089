using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Tests.Pipeline;

public sealed class DatasetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFileCacheReplacesTheSourceOnceWhole()
    {
        var folder = Directory.CreateTempSubdirectory("tfrunner-test-").FullName;
        try
        {
            var reads = 0;
            Dataset<long> Cached() => Dataset.Range(0, 5).Map(x =>
            {
                reads++;
                return x * x;
            }).Cache(Path.Combine(folder, "cache"), static (w, x) => w.Write(x), static r => r.ReadInt64());

            Assert.Equal([0, 1], await Cached().Take(2).ToListAsync(Token));
            Assert.False(File.Exists(Path.Combine(folder, "cache")));
            Assert.Equal([0, 1, 4, 9, 16], await Cached().ToListAsync(Token));
            reads = 0;
            Assert.Equal([0, 1, 4, 9, 16], await Cached().ToListAsync(Token));
            Assert.Equal(0, reads);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task ADamagedFileCacheIsNamed()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, [1, 2, 3], Token);
            var error = await Assert.ThrowsAsync<TfRunnerException>(() =>
                Dataset.Range(0, 5).Cache(path, static (w, x) => w.Write(x), static r => r.ReadInt64()).ToListAsync(Token));
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task RaggedRowsArePaddedToTheBatchsLargest()
    {
        TensorValue[] rows = [TensorValue.From([1f, 2f, 3f, 4f], 2, 2), TensorValue.From([5f, 6f, 7f], 1, 3)];
        var batches = await Dataset.From(rows).Batch(2).StackPadded(-1).ToListAsync(Token);
        Assert.Equal([2, 2, 3], batches[0].Dimensions.ToArray());
        Assert.Equal([1f, 2f, -1f, 3f, 4f, -1f, 5f, 6f, 7f, -1f, -1f, -1f], batches[0].AsSpan<float>().ToArray());
    }

    [Fact]
    public async Task RowsOfDifferentShapesAreNotStackedUnpadded()
    {
        TensorValue[] rows = [TensorValue.From([1f, 2f], 2), TensorValue.From([5f], 1)];
        await Assert.ThrowsAsync<TfRunnerException>(() => Dataset.From(rows).Batch(2).Stack().ToListAsync(Token));
    }

    [Fact]
    public async Task NothingIsReadBeforeTheFirstElementIsAskedFor()
    {
        var reads = 0;
        var run = Dataset.From(Enumerable.Range(0, 3).Select(x => reads++)).Map(static x => x, 2).Prefetch(2).Start(cancellationToken: Token);
        Assert.Equal(0, reads);
        await run.DisposeAsync();
        Assert.Equal(0, reads);
    }
}
