using TfRunner.RecordedCases;

namespace TfRunner.Benchmarks.Onnx;

/// <summary>
/// Compares <c>onnx:compiled</c> with ONNX Runtime on what the Python converter made of the same signature, and with
/// <c>tensorflow:graph</c>: same process, same inputs, same threads, same outputs.
/// </summary>
internal static class OnnxComparison
{
    private const int Seed = 1;

    /// <summary>Compares every converted model of a folder, and prints a table in Markdown.</summary>
    /// <param name="folder">The folder with files named <c>MODEL.SIGNATURE.onnx</c>.</param>
    /// <param name="models">The models to take; empty takes all.</param>
    /// <param name="options">Batch sizes, threads, time.</param>
    /// <param name="output">Where the table goes.</param>
    public static void Run(string folder, IReadOnlyList<string> models, BenchmarkOptions options, TextWriter output)
    {
        if (!SharedFolder.IsPresent)
        {
            throw new ArgumentException("the comparison " + SharedFolder.Absent);
        }

        var spins = options.Spinning ? "spin" : "do not spin";
        output.WriteLine($"{options.Threads} threads in each engine; ONNX Runtime's idle threads {spins}. Medians of all calls in");
        output.WriteLine("microseconds; ratios are the other's median over that of onnx:compiled, with the smallest and largest of any round,");
        output.WriteLine("and the same of the tenth percentiles, which neighbours of a virtual machine do not disturb.");
        output.WriteLine();
        output.WriteLine("| model | batch | rounds | onnx:compiled | ONNX Runtime on tf2onnx | ratio | of p10 | tensorflow:graph | ratio | of p10 | outputs agree |");
        output.WriteLine("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |");
        foreach (var file in Directory.GetFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (models.Count > 0 && !models.Contains(name[..dot]))
            {
                continue;
            }

            foreach (var batch in options.BatchSizes)
            {
                output.WriteLine($"| {name} | {batch} | {Row(file, RecordedModel.Find(name[..dot]), name[(dot + 1)..], batch, options)} |");
                output.Flush();
            }
        }
    }

    private static string Row(string file, RecordedModel recorded, string signatureName, int batch, BenchmarkOptions options)
    {
        var contenders = new List<IContender>();
        TensorValue[] inputs = [];
        try
        {
            using var description = SavedModel.Open(recorded.SavedModelDirectory);
            var signature = description.Signature(signatureName);
            if (batch > 1 && !Batches.AreFree(signature))
            {
                return "| | | | | | | | its batch is fixed";
            }

            var rows = recorded.Cases
                .Where(c => c.Signature == signatureName)
                .Select(c => c.Inputs(signature))
                .First(static i => Array.TrueForAll(i, static t => t.Length > 0));
            inputs = Batches.Repeat(signature, rows, batch);
            var ours = BoundContender.Load("onnx:compiled", recorded.SavedModelDirectory, signatureName, _ => inputs, options.EngineOptions());
            contenders.Add(ours);
            contenders.Add(new OnnxRuntimeContender(file, signature, inputs, ours.Outputs, options));
            var obstacle = string.Empty;
            try
            {
                contenders.Add(BoundContender.Load("tensorflow:graph", recorded.SavedModelDirectory, signatureName, _ => inputs, options.EngineOptions()));
            }
            catch (TfRunnerException e)
            {
                obstacle = $"; tensorflow: {e.Message}";
            }

            var times = InterleavedRounds.Time(contenders, options.Time, Seed);
            var agreement = string.Join("; ", contenders.Skip(1).Select(c => Difference(recorded, signature, ours, c)).OfType<string>());
            var cells = new List<string> { Text(times[0].Count), Text(RatioOfMedians.MedianOf(times[0])) };
            for (var i = 1; i < 3; i++)
            {
                cells.Add(i < times.Count ? Text(RatioOfMedians.MedianOf(times[i])) : string.Empty);
                cells.Add(i < times.Count ? RatioOfMedians.Of(times[i], times[0]).ToString() : " | ");
            }

            return string.Join(" | ", cells) + " | " + (agreement.Length == 0 ? "yes" : agreement) + obstacle;
        }
        catch (TfRunnerException e)
        {
            return $"| | | | | | | | {e.Message}";
        }
        finally
        {
            contenders.ForEach(static c => c.Dispose());
            Array.ForEach(inputs, static i => i.Dispose());
        }
    }

    private static string? Difference(RecordedModel recorded, Signature signature, BoundContender expected, IContender actual)
    {
        for (var i = 0; i < signature.Outputs.Count; i++)
        {
            if (Agreement.Difference(actual.Outputs[i], expected.Outputs[i], recorded.RelativeTolerance, recorded.AbsoluteTolerance) is { } difference)
            {
                return $"not with {actual.Name}: '{signature.Outputs[i].Name}' {difference}";
            }
        }

        return null;
    }

    private static string Text(double value) => FormattableString.Invariant($"{value:0.0}");

    private static string Text(int value) => FormattableString.Invariant($"{value}");
}
