using System.Diagnostics;
using System.Text.Json;
using TfRunner.Benchmarks.Loads;
using TfRunner.Engines;
using TfRunner.Onnx;

namespace TfRunner.Benchmarks.Conversions;

/// <summary>
/// Converts a model, or loads a converted one, once, in a process that has prepared a small model before, so that what the
/// runtimes' own start costs does not count.
/// </summary>
internal static class ConversionMeasurement
{
    /// <summary>Measures, and writes one line of JSON: seconds and bytes.</summary>
    /// <param name="what"><c>file</c> writes an ONNX model; <c>prepare</c> prepares onnx:compiled, which converts where the cache has nothing.</param>
    /// <param name="model">The SavedModel directory.</param>
    /// <param name="firstModel">The small model to prepare before.</param>
    /// <param name="target">The file to write, or the cache's folder; <c>-</c> for no cache.</param>
    /// <param name="answer">Where the line goes.</param>
    public static void Run(string what, string model, string firstModel, string target, TextWriter answer)
    {
        var options = new ModelOptions { Engine = "onnx", EngineOptions = new EngineOptions { CacheDirectory = target == "-" || what == "file" ? string.Empty : target } };
        Prepare(firstModel, options).Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        ResidentMemory.ResetPeak();
        var before = ResidentMemory.Current;
        var start = Stopwatch.GetTimestamp();
        if (what == "file")
        {
            using var savedModel = SavedModel.Open(model);
            OnnxConverter.Convert(savedModel, savedModel.Signature()).Save(target);
        }
        else
        {
            Prepare(model, options).Dispose();
        }

        var time = Stopwatch.GetElapsedTime(start);
        answer.WriteLine(JsonSerializer.Serialize(new { seconds = time.TotalSeconds, memory = ResidentMemory.Peak - before }));
    }

    private static Model Prepare(string path, ModelOptions options)
    {
        var model = Model.Load(path, options);
        _ = model.Predictor();
        return model;
    }
}
