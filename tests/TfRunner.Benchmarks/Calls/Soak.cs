using System.Globalization;
using TfRunner.Benchmarks.Loads;
using TfRunner.RecordedCases;

namespace TfRunner.Benchmarks.Calls;

/// <summary>Many calls from many threads: whether every result is right, and whether memory grows.</summary>
internal static class Soak
{
    private const int Threads = 8;

    /// <summary>Calls the first recorded case of a small model over and over, and writes one line.</summary>
    /// <param name="mode">The engine and mode, such as <c>tensorflow:graph</c>.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="count">How many calls; as many go before the memory is looked at, so that heaps have settled.</param>
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
        var inputs = recorded.Inputs(predictor.Signature);
        _ = Calls(predictor, recorded, inputs, count);
        GC.Collect();
        var before = ResidentMemory.Current;
        var wrong = Calls(predictor, recorded, inputs, count);
        GC.Collect();
        var growth = (ResidentMemory.Current - before) / (double)before;
        answer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name} {mode}: {count} calls from {Threads} threads, {wrong} wrong, resident memory {growth:+0.00%;-0.00%}"));
        return wrong == 0 && growth < 0.02;
    }

    private static int Calls(Predictor predictor, RecordedCase recorded, TensorValue[] inputs, int count)
    {
        var expected = recorded.Outputs(predictor.Signature);
        var wrong = 0;
        var next = 0;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            while (Interlocked.Increment(ref next) <= count)
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
        })).ToList();
        threads.ForEach(static t => t.Start());
        threads.ForEach(static t => t.Join());
        return wrong;
    }
}
