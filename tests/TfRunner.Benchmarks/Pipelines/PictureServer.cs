using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Pictures;
using TfRunner.Data.Images;
using TfRunner.Data.Pipeline;

namespace TfRunner.Benchmarks.Pipelines;

/// <summary>
/// Decodes a folder of pictures when it is told to, so that another program can interleave that with its own. Reads
/// <c>call exact|fast COUNT</c> (answered by the microseconds of each pass over all pictures), <c>outputs exact|fast</c> (answered
/// by the samples of the first two pictures) and, where a model is given, <c>call decode|model|both COUNT</c>.
/// </summary>
/// <param name="folder">The pictures.</param>
/// <param name="model">A SavedModel directory; null for decoding alone.</param>
/// <param name="mode">The engine and mode that run it.</param>
/// <param name="options">Threads and spinning of the model.</param>
internal sealed class PictureServer(string folder, string? model, string mode, BenchmarkOptions options)
{
    private const int BatchSize = 32;
    private static readonly TensorSpec Input = new("pictures", DType.Float32, TensorShape.Of(-1, 224, 224, 3), string.Empty);

    private readonly IReadOnlyList<string> files = FileSet.List(folder);

    /// <summary>Serves until the input ends.</summary>
    /// <param name="commands">Where commands are read.</param>
    /// <param name="answers">Where answers are written, one line of JSON each.</param>
    public void Serve(TextReader commands, TextWriter answers)
    {
        using var loaded = model is null ? null : Model.Load(model, new() { Engine = mode.Split(':')[0], EngineOptions = options.EngineOptions() });
        var predictor = loaded?.Predictor(null, mode.Split(':')[1]);
        Answer(answers, files.Count);
        while (commands.ReadLine() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["outputs", var how]:
                    using (var source = Open(Reading(how)))
                    {
                        Answer(answers, source.Read(2)![0].AsSpan<float>().ToArray());
                    }

                    break;
                case ["call", var what, var count]:
                    var micros = new double[int.Parse(count, CultureInfo.InvariantCulture)];
                    for (var i = 0; i < micros.Length; i++)
                    {
                        micros[i] = Time(what, predictor).TotalMicroseconds;
                    }

                    Answer(answers, micros);
                    break;
                default:
                    throw new ArgumentException($"'{line}' is no command");
            }
        }
    }

    private static PictureReading Reading(string what) => what switch
    {
        "exact" => new(),
        "fast" => new() { FastDecode = true },
        _ => new() { Preprocess = Preprocessing.Parse("mobilenet_v2"), ParallelCalls = 1 },
    };

    private static IEnumerable<TensorValue> Batches(PictureRowSource source)
    {
        while (source.Read(BatchSize) is [var batch])
        {
            yield return batch;
        }
    }

    private static void Answer<T>(TextWriter answers, T value)
    {
        answers.WriteLine(JsonSerializer.Serialize(value));
        answers.Flush();
    }

    private PictureRowSource Open(PictureReading reading) => new(files, [Input], reading);

    private TimeSpan Time(string what, Predictor? predictor)
    {
        using var source = Open(Reading(what));
        if (what == "model")
        {
            using var batch = source.Read(BatchSize)![0];
            var loop = Stopwatch.GetTimestamp();
            for (var i = 0; i < files.Count / BatchSize; i++)
            {
                Call(predictor!, batch);
            }

            return Stopwatch.GetElapsedTime(loop);
        }

        var started = Stopwatch.GetTimestamp();
        if (what == "both")
        {
            Overlapped(source, predictor!).GetAwaiter().GetResult();
        }
        else
        {
            foreach (var batch in Batches(source))
            {
                batch.Dispose();
            }
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static async Task Overlapped(PictureRowSource source, Predictor predictor)
    {
        await foreach (var batch in Dataset.From(Batches(source), "read").Prefetch().ConfigureAwait(false))
        {
            Call(predictor, batch);
            batch.Dispose();
        }
    }

    private static void Call(Predictor predictor, TensorValue batch)
    {
        foreach (var output in predictor.Predict([batch]))
        {
            output.Dispose();
        }
    }
}
