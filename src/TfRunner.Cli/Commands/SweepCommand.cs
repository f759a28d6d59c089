using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Cli.Sweeping;
using TfRunner.Diagnosis.Modes;
using TfRunner.Engines;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary><c>sweep MODEL</c>: batch sizes, thread counts and modes as a grid, each setting in a process of its own.</summary>
internal sealed class SweepCommand
{
    private readonly ModelBinding model = new();
    private readonly InputOption input = new();
    private readonly Option<string?> modes = new("--modes")
    {
        Description = "the modes to measure, separated by commas (default: the default mode of each engine that works here)",
        HelpName = "A,B",
    };

    private readonly Option<int[]> batchSizes = MeasuredOptions.Sizes("--batch-size", "rows per call", 1 << 20, "1,8,32");
    private readonly Option<int[]> threads = MeasuredOptions.Sizes("--threads", "threads inside one op", 1024, "1 and as many as there are processors");
    private readonly Option<TimeInterval> maxTime = MeasuredOptions.Time("--max-time", "the time of all loads together, loading left out", "60s");
    private readonly Option<ulong> seed = new("--seed") { Description = "decides random inputs (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> json = MeasuredOptions.Target("--json", "the grid as JSON");
    private readonly Option<string?> html = MeasuredOptions.Target("--html", "a self-contained page with heat maps");

    public static Command Create()
    {
        var self = new SweepCommand();
        var command = new Command("sweep", "Finds the best batch size and thread count: a grid measured in processes of their own.");
        self.model.AddModelTo(command, withThreads: false);
        self.input.AddTo(command);
        Option[] options = [self.modes, self.batchSizes, self.threads, self.maxTime, self.seed, self.json, self.html];
        Array.ForEach(options, command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Interruption.WaitForReport();
        var loading = model.ModelOptions(parsed);
        using (var savedModel = SavedModel.Open(model.Path(parsed), loading.SavedModel))
        {
            savedModel.Signature(model.Signature(parsed));
        }

        var chosen = parsed.GetValue(modes) is { } named
            ? ModeName.Parse(named)
            : [.. EngineCatalog.Providers.Where(p => p.Probe(loading.EngineOptions).IsAvailable).Select(static p => new ModeName(p.Name, p.Modes[0]))];
        int[] batches = parsed.GetValue(batchSizes) is { Length: > 0 } b ? b : [1, 8, 32];
        int[] counts = parsed.GetValue(threads) is { Length: > 0 } t ? t : [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        var grid = (from mode in chosen from batch in batches from count in counts select (mode, batch, count)).ToArray();

        // Settings run in random order, so that a drifting machine does not favour one corner of the grid.
        new SeededRandom(parsed.GetValue(seed)).Shuffle(grid.AsSpan());
        var share = new TimeInterval(parsed.GetValue(maxTime).Nanoseconds / grid.Length);
        var processes = new SweepProcesses([.. model.Arguments(parsed), .. input.Texts(parsed).SelectMany(static i => new[] { "--input", i })], share, parsed.GetValue(seed));
        var cells = new List<SweepCell>();
        var clock = StopwatchClock.Instance;
        using (var status = new StatusLine(clock))
        {
            try
            {
                var began = clock.Now;
                foreach (var (mode, batch, count) in grid)
                {
                    // What loading takes is known from the settings before.
                    var each = cells.Count == 0 ? share : new TimeInterval(clock.ToInterval(clock.Now - began).Nanoseconds / cells.Count);
                    status.ShowEstimate(
                        string.Create(CultureInfo.InvariantCulture, $"setting {cells.Count + 1} of {grid.Length}: {mode}, batch {batch}, {count} thread{(count == 1 ? "" : "s")}"),
                        new(each.Nanoseconds * (grid.Length - cells.Count)));
                    cells.Add(processes.Measure(mode, batch, count, Interruption.Token));
                }
            }
            catch (OperationCanceledException)
            {
                // The report has the settings measured so far.
            }
        }

        var report = new SweepReport(model.Path(parsed), chosen, batches, counts, cells, MachineFacts.Read(), Interruption.Token.IsCancellationRequested);
        var command = CommandText.Of(parsed);
        if (parsed.GetValue(json) != TargetFile.Standard && parsed.GetValue(html) != TargetFile.Standard)
        {
            SweepText.Write(Console.Out, report);
        }

        TargetFile.Write(parsed.GetValue(json), stream => JsonOutput.Write(stream, 1, writer => SweepJson.Write(writer, report, command)));
        TargetFile.WriteText(parsed.GetValue(html), SweepPage.Text(report, command));
        if (Interruption.Token.IsCancellationRequested)
        {
            ErrorReport.WriteLine("error", "cancelled: the grid has what was measured until then");
            return Interruption.ExitCode;
        }

        return cells.TrueForAll(static c => c.Failure is not null)
            ? throw new TfRunnerException(ErrorCode.FailedPrecondition, ErrorStage.Run, $"no setting could be measured: {cells[0].Failure}")
            : 0;
    }
}
