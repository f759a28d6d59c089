using System.Diagnostics;

namespace TfRunner.Benchmarks;

/// <summary>
/// Times contenders in rounds. Each round calls each contender for a block of calls, in an order shuffled anew, so that
/// what disturbs the machine hits all alike. Calls of a block follow each other, as they do in use.
/// </summary>
internal static class InterleavedRounds
{
    private const int FewestRounds = 5;
    private const int MostRounds = 60;
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(20);

    // Idle threads of the last contender's pool may spin for a while; they must not slow the next one.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Times the contenders.</summary>
    /// <param name="contenders">What to time.</param>
    /// <param name="budget">How long to go on; at least five rounds are made.</param>
    /// <param name="seed">The seed of the shuffling.</param>
    /// <returns>For each contender, for each round, the time of every call in microseconds.</returns>
    public static IReadOnlyList<IReadOnlyList<double[]>> Time(IReadOnlyList<IContender> contenders, TimeSpan budget, int seed)
    {
        foreach (var contender in contenders)
        {
            _ = CallFor(contender, Block, fewest: 3);
        }

        var random = new Random(seed);
        var order = Enumerable.Range(0, contenders.Count).ToArray();
        var rounds = contenders.Select(static _ => new List<double[]>()).ToArray();
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || (round < MostRounds && Stopwatch.GetElapsedTime(started) < budget); round++)
        {
            random.Shuffle(order);
            foreach (var i in order)
            {
                Task.Delay(Pause, TimeProvider.System).Wait();
                rounds[i].Add(CallFor(contenders[i], Block, fewest: 1));
            }
        }

        return rounds;
    }

    /// <summary>Makes a number of calls.</summary>
    /// <param name="contender">What to call.</param>
    /// <param name="count">How often.</param>
    /// <returns>The time of every call in microseconds.</returns>
    public static double[] Call(IContender contender, int count)
    {
        var micros = new double[count];
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            contender.Call();
            micros[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return micros;
    }

    private static double[] CallFor(IContender contender, TimeSpan time, int fewest)
    {
        var micros = new List<double>(4096);
        var started = Stopwatch.GetTimestamp();
        var before = started;
        while (micros.Count < fewest || Stopwatch.GetElapsedTime(started, before) < time)
        {
            contender.Call();
            var after = Stopwatch.GetTimestamp();
            micros.Add(Stopwatch.GetElapsedTime(before, after).TotalMicroseconds);
            before = after;
        }

        return [.. micros];
    }
}
