using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Tests.Comparing;

/// <summary>A report with one row of every kind, the same on every machine.</summary>
internal static class SampleReport
{
    private static readonly ModeName Graph = new("tensorflow", "graph");

    public static DiffReport Make()
    {
        var (slow, quick) = (Series("tensorflow:graph", 200_000, 1), Series("onnx:compiled", 50_000, 2));
        var ratio = PairedComparison.Ratio(quick, slow);
        DiffRow[] rows =
        [
            new() { Mode = Graph, Cold = [new(4e8, 5e7, 2e5, null)], Series = slow, Summary = Summary(slow), WarmUp = new(new(3e6), new(2e5), 12, true) },
            new()
            {
                Mode = new("tensorflow", "xla"),
                Cold = [ColdCall.Failed("XLA takes no strings, and input 'x' is a string tensor")],
                Reason = "XLA takes no strings, and input 'x' is a string tensor",
            },
            new()
            {
                Mode = new("onnx", "compiled"),
                Cold = [new(1e8, 7e6, 1e5, null), new(1e8, 9e6, 1e5, null)],
                Series = quick,
                Summary = Summary(quick),
                WarmUp = new(new(1e6), new(5e4), 40, false),
                Ratio = ratio,
                Verdict = ratio.Judge(0.05, 0.02),
                NewShape = new(3e6),
                Difference = new(0.25, 0.125, "y", "output 'y' differs at element 3: 1.25, not 1"),
            },
        ];
        return new(
            "/models/sample",
            "serving_default",
            Graph,
            new() { Modes = [.. rows.Select(static r => r.Mode)] },
            [new(8, "random, seed 1: float32 [8, 4]", rows, 50, SamplingEnd.Precise, 0)],
            new(new(20), new(25), new(60)),
            new("Example CPU", 4, new(16_000_000_000), "Example OS 1", ".NET 10", null, 0.5),
            new Dictionary<string, string> { ["tensorflow"] = "2.21.0", ["onnx"] = "1.31.1" },
            false,
            1_000_000_000);
    }

    private static SeriesSummary Summary(SampleSeries series) => SeriesSummary.Of([.. series.Durations.ToArray().Select(static d => (double)d)]);

    private static SampleSeries Series(string name, double typical, ulong seed)
    {
        var (series, random) = (new SampleSeries(name), new SeededRandom(seed));
        for (var i = 0; i < 200; i++)
        {
            series.Add(i * 1_000_000, (long)(typical * (1 + (0.1 * random.Uniform()))), i / 4);
        }

        return series;
    }
}
