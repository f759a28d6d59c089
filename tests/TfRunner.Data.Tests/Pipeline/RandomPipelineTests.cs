using CsCheck;
using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Tests.Pipeline;

/// <summary>Random pipelines against the sequential definition of each stage, written over lists.</summary>
public sealed class RandomPipelineTests
{
    private static readonly Gen<Step> GenStep = Gen.Frequency(
        (2, Gen.Int[1, 4].Select(static p => new Step($"map x{p}", d => d.Map(Times3, p), static l => l.ConvertAll(Times3)))),
        (1, Gen.Const(new Step("map auto", static d => d.Map(Times3, Dataset.Auto), static l => l.ConvertAll(Times3)))),
        (1, Gen.Const(new Step("map", static d => d.Map(Times3), static l => l.ConvertAll(Times3)))),
        (1, Gen.Const(new Step("where", static d => d.Where(IsEven), static l => l.FindAll(IsEven)))),
        (1, Gen.Int[0, 40].Select(static n => new Step($"take {n}", d => d.Take(n), l => [.. l.Take(n)]))),
        (1, Gen.Int[0, 10].Select(static n => new Step($"skip {n}", d => d.Skip(n), l => [.. l.Skip(n)]))),
        (1, Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3]).Select(static (n, i) => new Step($"shard {i % n}/{n}", d => d.Shard(n, i % n), l => [.. l.Where((_, at) => at % n == i % n)]))),
        (2, Gen.Select(Gen.Int[1, 7], Gen.Enum<BatchRemainder>()).Select(static (n, r) => new Step($"batch {n} {r}", d => d.Batch(n, r).Unbatch(static b => b.Items), l => Batched(l, n, r)))),
        (1, Gen.Select(Gen.Int[1, 9], Gen.ULong).Select(static (n, s) => new Step($"shuffle {n} {s}", d => d.Shuffle(n, s), l => Shuffled(l, n, s)))),
        (1, Gen.Select(Gen.Int[1, 4], Gen.Int[1, 3], Gen.Int[1, 4]).Select(static (c, b, p) =>
            new Step($"interleave {c} {b} x{p}", d => d.Interleave(Inner, c, b, p), l => Interleaved(l, c, b)))),
        (1, Gen.Int[1, 5].Select(static n => new Step($"prefetch {n}", d => d.Prefetch(n), static l => l))),
        (1, Gen.Const(new Step("prefetch auto", static d => d.Prefetch(), static l => l))),
        (1, Gen.Const(new Step("cache", static d => d.Cache(), static l => l))),
        (1, Gen.Int[0, 2].Select(static n => new Step($"repeat {n}", d => d.Repeat(n), l => [.. Enumerable.Repeat(l, n).SelectMany(static x => x)]))));

    [Fact]
    public async Task ARandomPipelineGivesTheElementsOfItsSequentialDefinitionInOrder()
    {
        await Gen.Select(Gen.Int[0, 60], GenStep.List[0, 5]).SampleAsync(
            static async (count, steps) =>
            {
                var expected = Enumerable.Range(0, count).ToList();
                var dataset = Dataset.From(Enumerable.Range(0, count));
                foreach (var step in steps)
                {
                    expected = step.Model(expected);
                    dataset = step.Apply(dataset);
                }

                Assert.Equal(expected, await dataset.ToListAsync());

                // A second run starts anew, from the cache where there is one.
                Assert.Equal(expected, await dataset.ToListAsync());
            },
            iter: 400,
            threads: 1);
    }

    [Fact]
    public async Task AnUnorderedMapGivesTheSameElements()
    {
        await Gen.Select(Gen.Int[0, 200], Gen.Int[1, 6]).SampleAsync(
            static async (count, parallel) =>
            {
                var items = await Dataset.Range(0, count).Map(static x => x * 2, parallel, ordered: false).ToListAsync();
                Assert.Equal(Enumerable.Range(0, count).Select(static x => x * 2L), items.Order());
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public async Task BucketsHoldElementsOfLikeLengthAndLoseNone()
    {
        await Gen.Select(Gen.Int[0, 20].List[0, 100], Gen.Int[1, 5]).SampleAsync(
            static async (lengths, size) =>
            {
                var batches = await Dataset.From(lengths).BucketByLength(static x => x, [5, 10], [size, size + 1, 1]).ToListAsync();
                Assert.Equal(lengths.Order(), batches.SelectMany(static b => b.Items).Order());
                Assert.All(batches, static b => Assert.Single(b.Items.Select(static x => x < 5 ? 0 : x < 10 ? 1 : 2).Distinct()));
                Assert.All(batches, b => Assert.True(b.Count <= size + 1));
            },
            iter: 100,
            threads: 1);
    }

    private static int Times3(int x) => unchecked((x * 3) + 1);

    private static bool IsEven(int x) => x % 2 == 0;

    private static Dataset<int> Inner(int x) => Dataset.From(Parts(x));

    private static IEnumerable<int> Parts(int x) => Enumerable.Range(0, (int)((uint)x % 4)).Select(i => unchecked((x * 10) + i));

    private static List<int> Batched(List<int> items, int size, BatchRemainder remainder)
    {
        var whole = items.Count / size * size;
        return remainder switch
        {
            BatchRemainder.Keep => items,
            BatchRemainder.Drop => items[..whole],
            _ => [.. items, .. Enumerable.Repeat(items.LastOrDefault(), whole == items.Count ? 0 : size - (items.Count - whole))],
        };
    }

    private static List<int> Shuffled(List<int> items, int size, ulong seed)
    {
        var random = new TfRunner.Data.Pipeline.Stages.SplitMix64(seed);
        var buffer = items.Take(size).ToList();
        var result = new List<int>();
        foreach (var item in items.Skip(size))
        {
            var chosen = random.Below(size);
            result.Add(buffer[chosen]);
            buffer[chosen] = item;
        }

        while (buffer.Count > 0)
        {
            var chosen = random.Below(buffer.Count);
            result.Add(buffer[chosen]);
            buffer[chosen] = buffer[^1];
            buffer.RemoveAt(buffer.Count - 1);
        }

        return result;
    }

    // tf.data's definition: a slot that runs dry is refilled when its turn comes again.
    private static List<int> Interleaved(List<int> items, int cycle, int block)
    {
        var waiting = new Queue<int>(items);
        var slots = new Queue<int>?[cycle];
        var result = new List<int>();
        for (var i = 0; waiting.Count > 0 || slots.Any(static s => s is not null); i = (i + 1) % cycle)
        {
            if (slots[i] is null && waiting.TryDequeue(out var next))
            {
                slots[i] = new(Parts(next));
            }

            for (var taken = 0; taken < block && slots[i] is { } slot; taken++)
            {
                if (slot.TryDequeue(out var value))
                {
                    result.Add(value);
                }
                else
                {
                    slots[i] = null;
                }
            }
        }

        return result;
    }

    private sealed record Step(string Name, Func<Dataset<int>, Dataset<int>> Apply, Func<List<int>, List<int>> Model)
    {
        public override string ToString() => Name;
    }
}
