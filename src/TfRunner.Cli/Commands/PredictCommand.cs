using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Cli.Prediction;
using TfRunner.Data.Formats;

namespace TfRunner.Cli.Commands;

/// <summary><c>predict MODEL --input X --output Y</c>: rows in, rows out.</summary>
internal sealed class PredictCommand
{
    private readonly ModelBinding model = new();

    private readonly Option<string[]> input = new("--input", "-i")
    {
        Description = "where rows come from: .npz, .npy, .csv, .tsv, .jsonl, or - for JSON lines on standard input; name=X feeds one input from a file or a JSON value; may be repeated",
        HelpName = "X",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "where rows go: .npz, .csv, .jsonl, or - for standard output (default: a table of the first rows)",
        HelpName = "Y",
    };

    private readonly Option<string> format = new("--format")
    {
        Description = "what - reads and writes: jsonl or csv (default: jsonl)",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "jsonl",
    };

    private readonly Option<int?> batchSize = Options.WholeNumber("--batch-size", "rows per call; results do not depend on it", 1, 1 << 20, "32, or what the signature is fixed to; .npz and .npy go in whole");

    private readonly Option<int?> limit = Options.WholeNumber("--limit", "predict at most this many rows", 0, int.MaxValue, "all");

    private readonly Option<int?> skip = Options.WholeNumber("--skip", "pass over this many rows first", 0, int.MaxValue, "0");

    private readonly Option<string?> outputs = new("--outputs")
    {
        Description = "the outputs to keep, separated by commas (default: all)",
        HelpName = "A,B",
    };

    private readonly Option<string?> labels = new("--labels")
    {
        Description = "a file with one class name per line; the table then shows the likeliest classes",
        HelpName = "FILE",
    };

    private readonly Option<int?> topK = Options.WholeNumber("--top-k", "how many classes the table shows per row", 1, 1000, "1");

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "no progress, notes or summary (default: off)" };

    public static Command Create()
    {
        var self = new PredictCommand();
        var command = new Command("predict", "Predicts rows from files, and prints or writes the results.");
        self.model.AddTo(command);
        foreach (var option in new Option[] { self.input, self.output, self.format, self.batchSize, self.limit, self.skip, self.outputs, self.labels, self.topK, self.quiet })
        {
            command.Options.Add(option);
        }

        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetValue(output);
        var isQuiet = parsed.GetValue(quiet);
        if (path is not null and not InputFile.Standard)
        {
            OutputFile.Check(path);
        }

        var classNames = ReadLabels(parsed.GetValue(labels));
        using var loaded = model.Load(parsed, isQuiet);
        using var predictor = loaded.Predictor(model.Signature(parsed), model.Mode(parsed));
        var bindings = InputBinding.Parse(predictor.Signature, parsed.GetValue(input) ?? []);
        var kept = ChooseOutputs(predictor.Signature, parsed.GetValue(outputs));
        var rowsAsked = parsed.GetValue(batchSize) ?? (parsed.GetValue(limit) ?? parsed.GetValue(skip));

        var whole = rowsAsked is null && bindings.All(static b => b.HoldsArrays) ? ReadWhole(predictor.Signature, bindings, isQuiet) : null;
        using var source = whole is null ? OpenRows(predictor.Signature, bindings, Extension(parsed)) : null;
        if (source is not null && !isQuiet && source.IgnoredColumns.Count > 0)
        {
            SayIgnored(source.IgnoredColumns);
        }

        var most = parsed.GetValue(limit) ?? long.MaxValue;
        source?.Skip(parsed.GetValue(skip) ?? 0);
        var left = source?.RowCount - (parsed.GetValue(skip) ?? 0);
        using var progress = new ProgressLine(left is { } l ? Math.Clamp(l, 0, most) : most < long.MaxValue ? most : null, isQuiet);
        using var sink = CreateSink(parsed, path, predictor.Signature, kept, classNames);
        var run = new PredictionRun(predictor, sink, kept, progress);
        if (whole is not null)
        {
            run.Whole(whole, Interruption.Token);
        }
        else
        {
            var exact = BatchSize.Fixed(predictor.Signature);
            run.Batches(source!, exact ?? parsed.GetValue(batchSize) ?? BatchSize.Default, exact, most, Interruption.Token);
        }

        sink.Complete();
        progress.Dispose();
        if (!isQuiet)
        {
            Summarize(run.Rows, progress.Elapsed, predictor, path);
        }

        return 0;
    }

    private static List<int> ChooseOutputs(Signature signature, string? names)
    {
        if (names is null)
        {
            return [.. Enumerable.Range(0, signature.Outputs.Count)];
        }

        return [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Find)];

        int Find(string name)
        {
            for (var i = 0; i < signature.Outputs.Count; i++)
            {
                if (signature.Outputs[i].Name == name)
                {
                    return i;
                }
            }

            throw new TfRunnerException(
                ErrorCode.NotFound,
                ErrorStage.Usage,
                $"signature '{signature.Name}' has no output '{name}'",
                $"it gives {string.Join(", ", signature.Outputs.Select(static o => o.Name))}");
        }
    }

    /// <summary>Arrays for one call; null where the signature takes another number of rows than they have, so that batches must be made.</summary>
    private static TensorValue[]? ReadWhole(Signature signature, List<InputBinding> bindings, bool quiet)
    {
        var arrays = new TensorValue[signature.Inputs.Count];
        foreach (var binding in bindings)
        {
            var read = binding.ReadArrays(out var ignored);
            for (var i = 0; i < read.Length; i++)
            {
                arrays[signature.Inputs.ToList().IndexOf(binding.Inputs[i])] = read[i];
            }

            if (ignored.Count > 0 && !quiet)
            {
                SayIgnored(ignored);
            }
        }

        var rows = BatchSize.Fixed(signature);
        return rows is null || Array.TrueForAll(arrays, a => a.Rank == 0 || a.Dimensions[0] == rows) ? arrays : null;
    }

    private static IRowSource OpenRows(Signature signature, List<InputBinding> bindings, string format)
    {
        if (signature.Inputs.Any(static i => i.Name.EndsWith("_dense_shape", StringComparison.Ordinal)))
        {
            throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument,
                $"signature '{signature.Name}' takes a sparse tensor, which has no rows to make batches of",
                "pass its three arrays whole: .npz without --batch-size");
        }

        var sources = bindings.ConvertAll(b => b.OpenRows(b.Source == InputFile.Standard ? format : null));
        return sources.Count == 1 && bindings[0].Inputs.Count == signature.Inputs.Count
            ? sources[0]
            : new JoinedRowSource(signature, bindings, sources);
    }

    private static void SayIgnored(IReadOnlyList<string> names) =>
        ErrorReport.WriteLine("note", $"ignored, since no input has {(names.Count == 1 ? "its name" : "their names")}: {string.Join(", ", names)}");

    private static string[]? ReadLabels(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            return [.. File.ReadLines(path).Select(static l => l.Trim()).Where(static l => l.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"the labels {path} cannot be read: {e.Message}", "name a text file with one class per line", e);
        }
    }

    private static void Summarize(long rows, TimeSpan elapsed, Predictor predictor, string? path)
    {
        var rate = rows / Math.Max(elapsed.TotalSeconds, 1e-9);
        var where = path is null or InputFile.Standard ? string.Empty : $"{path}: ";
        ErrorReport.WriteLine("done", string.Create(
            CultureInfo.InvariantCulture,
            $"{where}{rows:N0} row{(rows == 1 ? string.Empty : "s")} in {elapsed.TotalSeconds:0.000} s ({rate:N0} rows/s) on {predictor.Engine}:{predictor.Mode}"));
    }

    private string Extension(ParseResult parsed) => parsed.GetValue(format) switch
    {
        "jsonl" => ".jsonl",
        "csv" => ".csv",
        var other => throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"--format takes jsonl or csv, not '{other}'"),
    };

    private IRowSink CreateSink(ParseResult parsed, string? path, Signature signature, List<int> kept, string[]? classNames)
    {
        var specs = kept.ConvertAll(i => signature.Outputs[i]);
        var names = specs.ConvertAll(static s => s.Name);
        return path switch
        {
            null => new PreviewSink(specs, classNames, parsed.GetValue(topK) ?? 1),
            InputFile.Standard => OutputFile.ToStream(Console.OpenStandardOutput(), Extension(parsed), names),
            _ => OutputFile.Create(path, names),
        };
    }
}
