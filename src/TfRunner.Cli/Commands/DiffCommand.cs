using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Comparing;
using TfRunner.Cli.Measuring;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary><c>diff MODEL</c>: what op-by-op, graph and compiled execution of a model cost, and whether they compute the same.</summary>
internal sealed class DiffCommand
{
    /// <summary>The exit code when outputs differ and <c>--check</c> was given.</summary>
    private const int Departed = 7;

    private readonly ModelBinding model = new();
    private readonly InputOption input = new();
    private readonly Option<string?> modes = new("--modes")
    {
        Description = $"the modes to compare, separated by commas: {string.Join(", ", ModeName.All)}; an engine or a mode's name alone takes all of it (default: all)",
        HelpName = "A,B",
    };

    private readonly Option<string?> baseline = new("--baseline")
    {
        Description = "the mode that ratios and differences are taken to (default: tensorflow:graph, or the first that runs)",
        HelpName = "MODE",
    };

    private readonly Option<int[]> batchSizes = MeasuredOptions.Sizes("--batch-size", "rows per call", 1 << 20, "1 row, or the input file whole");
    private readonly Option<Percentage> precision = MeasuredOptions.Share("--precision", "measure until every ratio is known within this share", "2%");
    private readonly Option<Percentage> threshold = MeasuredOptions.Share("--threshold", "the least ratio that matters", "5%");
    private readonly Option<TimeInterval> maxTime = MeasuredOptions.Time("--max-time", "the time for all of it: loading, first calls, warm-up and measuring", "30s");
    private readonly Option<int?> coldCalls = Options.WholeNumber("--cold-calls", "fresh processes per mode for the first call, as far as a third of the time allows", 0, 20, "3");
    private readonly Option<bool> check = new("--check") { Description = "exit with 7 when outputs differ beyond --rtol and --atol, or --max-time left no time to compare them (default: off)" };
    private readonly Option<bool> bisect = new("--bisect") { Description = "name the first op whose output departs, where outputs differ beyond --rtol and --atol; may take as long as --max-time once more (default: off)" };
    private readonly Option<double> rtol = MeasuredOptions.Number("--rtol", "the relative tolerance of outputs", 0, 1, 1e-3);
    private readonly Option<double> atol = MeasuredOptions.Number("--atol", "the absolute tolerance of outputs", 0, 1e9, 1e-5);
    private readonly Option<ulong> seed = new("--seed") { Description = "decides random inputs and the order of turns (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> json = MeasuredOptions.Target("--json", "everything, raw times included, as JSON");
    private readonly Option<string?> csv = MeasuredOptions.Target("--csv", "the table as CSV");
    private readonly Option<string?> markdown = MeasuredOptions.Target("--markdown", "the table as Markdown");
    private readonly Option<string?> html = MeasuredOptions.Target("--html", "a self-contained page with charts");

    public static Command Create()
    {
        var self = new DiffCommand();
        var command = new Command("diff", "Compares the ways of calling a model: first call, percentiles, ratios with intervals, and outputs.");
        self.model.AddModelTo(command);
        self.input.AddTo(command);
        Option[] options =
        [
            self.modes, self.baseline, self.batchSizes, self.precision, self.threshold, self.maxTime, self.coldCalls, self.check, self.bisect, self.rtol, self.atol,
            self.seed, self.json, self.csv, self.markdown, self.html,
        ];
        Array.ForEach(options, command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Interruption.WaitForReport();
        var loading = model.ModelOptions(parsed);
        var source = new ModelSource(model.Path(parsed), loading.SavedModel, loading.EngineOptions, model.Signature(parsed));
        var options = Read(parsed);
        DiffReport report;
        using (var status = new StatusLine(StopwatchClock.Instance))
        {
            var cold = new ColdCallProcesses([.. model.Arguments(parsed), .. input.Texts(parsed).SelectMany(static t => new[] { "--input", t })], options.Seed);
            report = new DiffExperiment(StopwatchClock.Instance, source, options, cold) { Progress = status.Show, OwnInputs = input.Reader(parsed) }
                .Run(Interruption.Token);
        }

        var command = CommandText.Of(parsed);
        var targets = new[] { parsed.GetValue(json), parsed.GetValue(csv), parsed.GetValue(markdown), parsed.GetValue(html) };
        if (!targets.Contains(TargetFile.Standard))
        {
            DiffText.Write(Console.Out, report);
        }

        TargetFile.Write(targets[0], stream => JsonOutput.Write(stream, 1, writer => DiffJson.Write(writer, report, command)));
        TargetFile.WriteText(targets[1], DiffCsv.Text(report));
        TargetFile.WriteText(targets[2], DiffMarkdown.Text(report, command));
        TargetFile.WriteText(targets[3], targets[3] is null ? string.Empty : DiffPage.Text(report, command));
        if (report.WasCancelled)
        {
            ErrorReport.WriteLine("error", "cancelled: the table has what was measured until then");
        }

        var exitCode = report.WasCancelled ? Interruption.ExitCode : Check(parsed, report);
        if (report.LeftWork)
        {
            ProcessEnd.Now(exitCode);
        }

        return exitCode;
    }

    private int Check(ParseResult parsed, DiffReport report)
    {
        var departures = report.Departures.ToList();
        foreach (var (batch, row) in departures)
        {
            ErrorReport.WriteLine(parsed.GetValue(check) ? "error" : "note", string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Mode} departs from {report.Baseline}{(batch.Batch > 0 ? $" at batch {batch.Batch}" : string.Empty)}: {row.Difference!.Mismatch}{(row.Departure is { } d ? $"; {(d.IsFound ? "first at " : "where it begins was not found: ")}{d}" : string.Empty)}"));
        }

        if (!parsed.GetValue(check))
        {
            return 0;
        }

        // What was not compared has not passed.
        var open = report.Batches.SelectMany(static b => b.Rows)
            .Where(static r => r.Difference is null && r.Reason?.StartsWith(DiffRow.NoTime, StringComparison.Ordinal) == true)
            .Select(static r => r.Mode.ToString()).Distinct().ToList();
        if (open.Count > 0)
        {
            ErrorReport.WriteLine("error", $"the outputs of {string.Join(", ", open)} were not compared: time was up");
            ErrorReport.WriteLine("hint", "give it more with --max-time, or name fewer --modes");
        }

        return departures.Count > 0 || open.Count > 0 ? Departed : 0;
    }

    private DiffOptions Read(ParseResult parsed)
    {
        var chosen = ModeName.Parse(parsed.GetValue(modes));
        var named = parsed.GetValue(baseline) is { } text ? ModeName.Parse(text)[0] : null;
        return new()
        {
            Modes = named is null || chosen.Contains(named) ? chosen : [.. ModeName.All.Where(m => m == named || chosen.Contains(m))],
            Baseline = named,
            BatchSizes = parsed.GetValue(batchSizes) ?? [],
            Precision = parsed.GetValue(precision),
            Threshold = parsed.GetValue(threshold),
            MaxTime = parsed.GetValue(maxTime),
            Spent = ProcessAge.Read(TimeProvider.System),
            RelativeTolerance = parsed.GetValue(rtol),
            AbsoluteTolerance = parsed.GetValue(atol),
            Bisects = parsed.GetValue(bisect),
            Seed = parsed.GetValue(seed),
            ColdCalls = parsed.GetValue(coldCalls) ?? 3,
        };
    }
}
