using System.Text.Json;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Benchmarks.Loads;

/// <summary>
/// Loads a model once and calls it once, in a process that has loaded a small model before, so that what the engine's own
/// start costs does not count.
/// </summary>
internal static class LoadMeasurement
{
    /// <summary>Measures, and writes one line of JSON: seconds and bytes.</summary>
    /// <param name="mode">The engine and mode, such as <c>onnx:compiled</c>.</param>
    /// <param name="model">The SavedModel directory.</param>
    /// <param name="input">The <c>.npz</c> file with the signature's inputs.</param>
    /// <param name="firstModel">The small model to load before.</param>
    /// <param name="firstInput">Its inputs.</param>
    /// <param name="options">Threads.</param>
    /// <param name="answer">Where the line goes.</param>
    public static void Run(
        string mode, string model, string input, string firstModel, string firstInput, BenchmarkOptions options, TextWriter answer)
    {
        using var first = Load(mode, firstModel, firstInput, options);
        GC.Collect();
        ResidentMemory.ResetPeak();
        var before = ResidentMemory.Current;
        using var loaded = Load(mode, model, input, options);
        answer.WriteLine(JsonSerializer.Serialize(new
        {
            load = loaded.LoadTime.TotalSeconds,
            first_call = loaded.ColdTime.TotalSeconds,
            memory = ResidentMemory.Peak - before,
            output = loaded.Outputs[0].AsSpan<float>().ToArray(),
        }));
    }

    private static BoundContender Load(string mode, string model, string input, BenchmarkOptions options)
    {
        using var reader = NpzReader.Open(input);
        return BoundContender.Load(mode, model, null, s => [.. s.Inputs.Select(i => reader.Read(i.Name))], options.EngineOptions());
    }
}
