using System.Globalization;
using System.Text.Json;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Benchmarks.Calls;

/// <summary>
/// Makes calls when it is told to, so that another program can interleave them with its own. Loads first and writes one
/// line of JSON; then reads <c>call NAME COUNT</c> (answered by the time of every call) or <c>outputs NAME</c> (answered by
/// the first output's values) until its input ends.
/// </summary>
internal static class CallServer
{
    /// <summary>Serves until the input ends.</summary>
    /// <param name="model">The SavedModel directory.</param>
    /// <param name="input">The <c>.npz</c> file with the signature's inputs.</param>
    /// <param name="rows">Rows per call.</param>
    /// <param name="modes">What to load, such as <c>onnx:compiled</c>.</param>
    /// <param name="options">Threads and spinning.</param>
    /// <param name="commands">Where commands are read.</param>
    /// <param name="answers">Where answers are written, one line of JSON each.</param>
    public static void Serve(
        string model, string input, int rows, IReadOnlyList<string> modes, BenchmarkOptions options, TextReader commands, TextWriter answers)
    {
        Dictionary<string, TensorValue> arrays;
        using (var reader = NpzReader.Open(input))
        {
            arrays = reader.ReadAll();
        }

        var contenders = new Dictionary<string, BoundContender>(StringComparer.Ordinal);
        var unavailable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mode in modes)
        {
            try
            {
                contenders.Add(mode, BoundContender.Load(mode, model, null, s => Batches.Repeat(s, [.. s.Inputs.Select(i => arrays[i.Name])], rows), options.EngineOptions()));
            }
            catch (TfRunnerException e)
            {
                unavailable.Add(mode, e.Message);
            }
        }

        Answer(answers, new
        {
            ready = contenders.Values.Select(static c => new { name = c.Name, feeds = Tensors(c.Signature.Inputs), fetches = Tensors(c.Signature.Outputs), load_micros = c.LoadTime.TotalMicroseconds, cold_micros = c.ColdTime.TotalMicroseconds }),
            unavailable,
            threads = options.Threads,
        });
        while (commands.ReadLine() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["call", var name, var count]:
                    Answer(answers, InterleavedRounds.Call(contenders[name], int.Parse(count, CultureInfo.InvariantCulture)));
                    break;
                case ["outputs", var name]:
                    Answer(answers, contenders[name].Outputs[0].AsSpan<float>().ToArray());
                    break;
                default:
                    throw new ArgumentException($"'{line}' is no command");
            }
        }

        foreach (var contender in contenders.Values)
        {
            contender.Dispose();
        }
    }

    private static Dictionary<string, string> Tensors(IReadOnlyList<TensorSpec> specs) => specs.ToDictionary(static s => s.Name, static s => s.TensorName);

    private static void Answer<T>(TextWriter answers, T value)
    {
        answers.WriteLine(JsonSerializer.Serialize(value));
        answers.Flush();
    }
}
