using System.Globalization;
using TfRunner.Benchmarks.Loads;
using TfRunner.RecordedCases;

namespace TfRunner.Benchmarks.Calls;

/// <summary>Many calls from many threads: whether every result is right, and whether memory grows.</summary>
internal sealed class Soak
{
    private const int Threads = 8;

    /// <summary>The first calls of each thread, in rounds with a pause after each, in which .NET compiles in the background what it found to be hot.</summary>
    private const int WarmUpRounds = 3;
    private const int WarmUpCalls = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Predictor predictor;
    private readonly RecordedCase recorded;
    private readonly TensorValue[] inputs;
    private readonly TensorValue[] expected;
    private readonly int[] left;
    private int wrong;
    private long before;
    private long after;

    private Soak(Predictor predictor, RecordedCase recorded, int count)
    {
        this.predictor = predictor;
        this.recorded = recorded;
        inputs = recorded.Inputs(predictor.Signature);
        expected = recorded.Outputs(predictor.Signature);
        left = [.. Enumerable.Repeat(WarmUpCalls, WarmUpRounds), count];
    }

    /// <summary>Calls the first recorded case of a small model over and over, and writes one line.</summary>
    /// <param name="mode">The engine and mode, such as <c>tensorflow:graph</c>.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="count">How many calls.</param>
    /// <param name="options">Threads of the engine.</param>
    /// <param name="answer">Where the line goes.</param>
    /// <returns>Whether all results were right and memory grew by less than 2 %.</returns>
    public static bool Run(string mode, string name, int count, BenchmarkOptions options, TextWriter answer)
    {
        var recorded = RecordedModel.Find(name).Cases[0];
        var words = mode.Split(':', 2);
        using var model = Model.Load(
            recorded.Model.SavedModelDirectory, new() { Engine = words[0], EngineOptions = options.EngineOptions() });
        using var predictor = model.Predictor(recorded.Signature, words.Length > 1 ? words[1] : null);
        var soak = new Soak(predictor, recorded, count);
        soak.Run();
        var growth = (soak.after - soak.before) / (double)soak.before;
        answer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {mode}: {count} calls from {Threads} threads after {WarmUpRounds * WarmUpCalls}, {soak.wrong} wrong, resident memory {growth:+0.00%;-0.00%} of {soak.before / 1e6:0.0} MB"));
        return soak.wrong == 0 && growth < 0.02;
    }

    // The same threads from the first call to the last: each has a heap of its own in the C library.
    private void Run()
    {
        using var barrier = new Barrier(Threads, b => Rest((int)b.CurrentPhaseNumber));
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < left.Length; round++)
            {
                while (Interlocked.Decrement(ref left[round]) >= 0)
                {
                    Call();
                }

                barrier.SignalAndWait();
            }
        })).ToList();
        threads.ForEach(static t => t.Start());
        threads.ForEach(static t => t.Join());
    }

    private void Rest(int round)
    {
        Task.Delay(Pause, TimeProvider.System).GetAwaiter().GetResult();

        // What .NET's heap may grow to before it is collected depends on the processor's cache, up to 6 % here: given back, so
        // that it is what is held that is compared.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        before = round == WarmUpRounds - 1 ? ResidentMemory.Current : before;
        after = ResidentMemory.Current;
    }

    private void Call()
    {
        var outputs = predictor.Predict(inputs);
        for (var i = 0; i < outputs.Length; i++)
        {
            if (Agreement.Difference(expected[i], outputs[i], recorded.Model.RelativeTolerance, recorded.Model.AbsoluteTolerance) is not null)
            {
                Interlocked.Increment(ref wrong);
            }

            outputs[i].Dispose();
        }
    }
}
