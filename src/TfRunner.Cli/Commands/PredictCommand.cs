using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Cli.Prediction;
using TfRunner.Data.Formats;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Commands;

/// <summary><c>predict MODEL --input X --output Y</c>: rows in, rows out.</summary>
internal sealed class PredictCommand
{
    private readonly ModelBinding model = new();

    private readonly BulkOptions bulk = new();

    private readonly NodeOptions nodes = new();

    private readonly Option<string[]> input = new("--input", "-i")
    {
        Description = "where rows come from: .npz, .npy, .csv, .tsv, .jsonl, .txt, .parquet, .arrow, .feather, .tfrecord, one of them with .gz or .zst, a picture, a directory, a pattern such as '*.jpg', or - for standard input; name=X feeds one input from a file or a JSON value; may be repeated (default: none, for signatures that take no input)",
        HelpName = "X",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> output = new("--output", "-o")
    {
        Description = "where rows go: .npz, .csv, .jsonl, .parquet, .arrow, .feather, .tfrecord, or - for standard output (default: a table of the first rows)",
        HelpName = "Y",
    };

    private readonly Option<string> format = new("--format")
    {
        Description = "what - reads and writes: jsonl or csv; reads also tsv, txt, tfrecord, arrow (default: jsonl)",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "jsonl",
    };

    private readonly Option<int?> batchSize = Options.WholeNumber("--batch-size", "rows per call; results do not depend on it", 1, 1 << 20, "32, up to 512 for rows of a table, or what the signature is fixed to; .npz and .npy go in whole where a quarter of --memory holds them");

    private readonly Option<int?> limit = Options.WholeNumber("--limit", "predict at most this many rows", 0, int.MaxValue, "all");

    private readonly Option<int?> skip = Options.WholeNumber("--skip", "pass over this many rows first", 0, int.MaxValue, "0");

    private readonly Option<string?> outputs = new("--outputs")
    {
        Description = "the outputs to keep, separated by commas (default: all)",
        HelpName = "A,B",
    };

    private readonly Option<string?> labels = new("--labels")
    {
        Description = "a file with one class name per line; the table then shows the likeliest classes (default: none)",
        HelpName = "FILE",
    };

    private readonly Option<int?> topK = Options.WholeNumber("--top-k", "how many classes the table shows per row", 1, 1000, "1");

    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "no progress, notes or summary (default: off)" };

    public static Command Create()
    {
        var self = new PredictCommand();
        var command = new Command("predict", "Predicts rows from files, and prints or writes the results.");
        self.model.AddTo(command);
        self.nodes.AddTo(command);
        foreach (var option in new Option[] { self.input, self.output, self.format, self.batchSize, self.limit, self.skip, self.outputs, self.labels, self.topK, self.quiet }.Concat(self.bulk.All))
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
        using var predictor = nodes.Signature(parsed, loaded.SavedModel, model.Signature(parsed)) is { } adHoc
            ? loaded.PredictorFor(adHoc, model.Mode(parsed))
            : loaded.Predictor(model.Signature(parsed), model.Mode(parsed));
        var keep = bulk.Keep(parsed);
        var bindings = InputBinding.Parse(predictor.Signature, [.. parsed.GetValue(input) ?? [], .. nodes.Inputs(parsed)])
            .ConvertAll(b => b with { Map = bulk.Map(parsed), Keep = keep, Pictures = bulk.Pictures(parsed) });
        var shuffle = bulk.Shuffle(parsed);
        if (keep.Count > 0 && bindings is not [{ IsLiteral: false }])
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, "--keep takes columns of the one file that feeds all inputs");
        }

        var kept = ChooseOutputs(predictor.Signature, parsed.GetValue(outputs));
        var shard = bulk.Shard(parsed);
        var rowsAsked = parsed.GetValue(batchSize) ?? (parsed.GetValue(limit) ?? parsed.GetValue(skip));
        var mayBeWhole = rowsAsked is null && keep.Count == 0 && shard is null && shuffle is null && !bulk.Resume(parsed) && FitWhole(predictor.Signature, bindings, bulk.Memory(parsed));

        var whole = mayBeWhole && bindings.All(static b => b.HoldsArrays) ? ReadWhole(predictor.Signature, bindings, isQuiet) : null;
        long skipped = parsed.GetValue(skip) ?? 0;
        var part = new RowPart(skipped, shard?.Index ?? 0, shard?.Count ?? 1);

        // Reading the source and gathering batches each get their half.
        var pipeline = new PipelineOptions { MemoryBudget = bulk.Memory(parsed) / 2 };
        var reading = new RowReading { Defaults = bulk.Defaults(parsed), Pipeline = pipeline, Part = skipped == 0 && shard is null ? null : part, OnLeftOut = isQuiet ? null : SayLeftOut };
        using var opened = whole is null ? OpenRows(predictor.Signature, bindings.ConvertAll(b => b with { Reading = reading }), Extension(parsed)) : null;
        if (opened is not null && !isQuiet && opened.IgnoredColumns.Count > 0)
        {
            SayIgnored(opened.IgnoredColumns);
        }

        using var mixed = opened is not null && shuffle is var (seed, buffer) ? new ShuffledRowSource(opened, seed, buffer) : null;
        var source = mixed ?? opened;
        var most = parsed.GetValue(limit) is { } rows ? shard is null ? rows : (rows - shard.Index + shard.Count - 1) / shard.Count : long.MaxValue;
        using var errors = bulk.Errors(parsed, path);
        using var progress = new ProgressLine(source?.RowCount is { } l ? Math.Min(l, most) : most < long.MaxValue ? most : null, isQuiet);
        var run = new PredictionRun(predictor, kept, progress);
        long? total = null;
        if (whole is not null)
        {
            using var sink = CreateSink(parsed, path, predictor.Signature, kept, keep, classNames);
            run.Whole(whole, sink, Interruption.Token);
            sink.Complete();
        }
        else
        {
            var exact = BatchSize.Fixed(predictor.Signature);
            var plan = new BatchPlan(exact ?? parsed.GetValue(batchSize) ?? BatchSize.For(predictor.Signature), exact, most, bulk.Prefetch(parsed), part, shard is not null || bulk.Resume(parsed), pipeline);
            if (bulk.Resume(parsed))
            {
                var journal = ResumeJournal.Open(path is null or InputFile.Standard ? throw NeedsFile("--resume") : path, Columns(predictor.Signature, kept, keep).ConvertAll(static c => c.Name), [.. Fingerprint(parsed, predictor, bindings), $"{shard}"]);
                new ResumableRun(run, journal, errors, TimeProvider.System).Run(source!, plan, isQuiet, Interruption.Token);
                using var sink = CreateSink(parsed, path, predictor.Signature, kept, keep, classNames);
                total = journal.Assemble(sink, plan.BatchSize);
                Complete(sink, total.Value, Columns(predictor.Signature, kept, keep));
                journal.Delete();
            }
            else
            {
                errors.Rewind(part.Position(0));
                using var sink = CreateSink(parsed, path, predictor.Signature, kept, keep, classNames);
                run.Batches(source!, plan, errors, (results, _, _) => sink.Write(results), Interruption.Token);
                Complete(sink, run.Rows, Columns(predictor.Signature, kept, keep));
            }
        }

        if (shard is not null && path is not null and not InputFile.Standard)
        {
            ShardManifest.Write(path, shard, total ?? run.Rows, [.. errors.Positions().Select(p => p - skipped)], Fingerprint(parsed, predictor, bindings));
        }

        progress.Dispose();
        if (bulk.Report(parsed) is { } page && run.Report is { } report)
        {
            File.WriteAllText(page, StagePage.Of($"predict {Path.GetFileName(model.Path(parsed).TrimEnd('/'))}", run.Rows, report, run.Timeline));
        }

        if (!isQuiet)
        {
            Summarize(run, progress.Elapsed, predictor, path, errors.Count);
        }

        return bulk.TooManyErrors(parsed, errors.Count) ? (int)ErrorStage.Data : 0;
    }

    /// <summary>Whether arrays may be read into memory for one call; where the signature takes any number of rows, large ones are cut into batches instead.</summary>
    private static bool FitWhole(Signature signature, List<InputBinding> bindings, long memory) =>
        bindings.Where(static b => !b.IsLiteral && File.Exists(b.Source)).Sum(static b => new FileInfo(b.Source).Length) <= memory / 4
        || !signature.Inputs.All(static i => i.Shape.IsRankKnown && i.Shape.Rank > 0 && i.Shape[0] < 0);

    private static List<TensorSpec> Columns(Signature signature, List<int> kept, IReadOnlyList<string> keep) => [.. keep.Select(KeptColumn.Spec), .. kept.Select(i => signature.Outputs[i])];

    /// <summary>Ends an output. One without rows has its columns all the same, as wide as the signature says (1 where it does not).</summary>
    private static void Complete(IRowSink sink, long rows, List<TensorSpec> columns)
    {
        if (rows == 0)
        {
            var none = columns.ConvertAll(static c => TensorValue.Allocate(c.DType, [0, .. c.Shape.IsRankKnown && c.Shape.Rank > 0 ? c.Shape.Dimensions[1..].ToArray().Select(static d => Math.Max(1, d)) : []]));
            sink.Write(none);
            none.ForEach(static t => t.Dispose());
        }

        sink.Complete();
    }

    private static TfRunnerException NeedsFile(string option) => new(ErrorCode.InvalidArgument, ErrorStage.Usage, $"{option} needs --output FILE");

    /// <summary>What the results of a run depend on, part and place of the output aside.</summary>
    private List<string> Fingerprint(ParseResult parsed, Predictor predictor, List<InputBinding> bindings)
    {
        var parts = new List<string> { Path.GetFullPath(model.Path(parsed)), predictor.Signature.Name, predictor.Engine, predictor.Mode };
        foreach (var option in new Option[] { batchSize, limit, skip, outputs, format }.Concat(bulk.All.Where(static o => o.Name is not ("--parallel-calls" or "--prefetch" or "--memory" or "--shard" or "--resume" or "--max-errors" or "--report"))))
        {
            parts.Add($"{option.Name} {string.Join(' ', parsed.GetResult(option)?.Tokens.Select(static t => t.Value) ?? [])}");
        }

        foreach (var binding in bindings)
        {
            var file = new FileInfo(binding.Source);
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', binding.Inputs.Select(static i => i.Name))}={binding.Source} {(file.Exists ? file.Length : -1)} {(file.Exists ? file.LastWriteTimeUtc.Ticks : 0)}"));
        }

        return parts;
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

    private static void SayLeftOut(string directory, IReadOnlyList<string> files) =>
        ErrorReport.WriteLine("note", $"left out of {directory}, since they are no pictures: {string.Join(", ", files.Take(3).Select(Path.GetFileName))}{(files.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $" and {files.Count - 3:N0} more") : string.Empty)}");

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

    private static void Summarize(PredictionRun run, TimeSpan elapsed, Predictor predictor, string? path, long errors)
    {
        var rate = run.Rows / Math.Max(elapsed.TotalSeconds, 1e-9);
        var where = path is null or InputFile.Standard ? string.Empty : $"{path}: ";
        var failed = errors == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"; {errors:N0} row{(errors == 1 ? string.Empty : "s")} could not be read");
        ErrorReport.WriteLine("done", string.Create(
            CultureInfo.InvariantCulture,
            $"{where}{run.Rows:N0} row{(run.Rows == 1 ? string.Empty : "s")} in {elapsed.TotalSeconds:0.000} s ({rate:N0} rows/s) on {predictor.Engine}:{predictor.Mode}{failed}"));
        if (run.Report is { ConsumerWait.TotalSeconds: > 1 } report)
        {
            ErrorReport.WriteLine("note", report.Bottleneck);
        }
    }

    private string Extension(ParseResult parsed) => parsed.GetValue(format) switch
    {
        "jsonl" => ".jsonl",
        "csv" => ".csv",
        "tsv" => ".tsv",
        "txt" => ".txt",
        "tfrecord" => ".tfrecord",
        "arrow" => ".arrows",
        var other => throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"--format takes jsonl, csv, and for input also tsv, txt, tfrecord or arrow, not '{other}'"),
    };

    private IRowSink CreateSink(ParseResult parsed, string? path, Signature signature, List<int> kept, IReadOnlyList<string> keep, string[]? classNames)
    {
        var specs = Columns(signature, kept, keep);
        var names = specs.ConvertAll(static s => s.Name);
        return path switch
        {
            null => new PreviewSink(specs, classNames, parsed.GetValue(topK) ?? 1),
            InputFile.Standard => OutputFile.ToStream(Console.OpenStandardOutput(), Extension(parsed), names),
            _ => OutputFile.Create(path, names),
        };
    }
}
