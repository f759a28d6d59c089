using System.CommandLine;
using TfRunner.Cli.Benching;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Bench;
using TfRunner.Diagnosis.Modes;
using TfRunner.Engines;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary><c>bench MODEL</c>: throughput and latency of one mode under a closed or an open loop.</summary>
internal sealed class BenchCommand
{
    private readonly ModelBinding model = new();
    private readonly InputOption input = new();
    private readonly Option<int?> batchSize = Options.WholeNumber("--batch-size", "rows per call", 1, 1 << 20, "1 row, or the input file whole");
    private readonly Option<int[]> concurrency = MeasuredOptions.Sizes("--concurrency", "callers at once, one load after the other", 1024, "1; 4 with --rate");
    private readonly Option<double> rate = MeasuredOptions.Number("--rate", "calls per second of an open loop, timed from when each should start", 0, 1e7, 0);
    private readonly Option<string> arrivals = new("--arrivals")
    {
        Description = "how the calls of an open loop arrive: poisson or constant (default: poisson)",
        HelpName = "KIND",
        DefaultValueFactory = static _ => "poisson",
    };

    private readonly Option<Percentage> precision = MeasuredOptions.Share("--precision", "load until throughput and median are known within this share, p90 and p99 within five times it", "2%");
    private readonly Option<TimeInterval> maxTime = MeasuredOptions.Time("--max-time", "the time of each load at most", "10s");
    private readonly Option<ulong> seed = new("--seed") { Description = "decides random inputs and arrivals (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> export = MeasuredOptions.Target("--export", "everything, raw times included, as JSON for 'compare'");

    public static Command Create()
    {
        var self = new BenchCommand();
        var command = new Command("bench", "Measures throughput and latency of one mode with a closed loop or at a given rate.");
        self.model.AddTo(command);
        self.input.AddTo(command);
        Option[] options = [self.batchSize, self.concurrency, self.rate, self.arrivals, self.precision, self.maxTime, self.seed, self.export];
        Array.ForEach(options, command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Interruption.WaitForReport();
        var loading = model.ModelOptions(parsed);
        var source = new ModelSource(model.Path(parsed), loading.SavedModel, loading.EngineOptions, model.Signature(parsed));
        var perSecond = parsed.GetValue(rate);
        var callers = parsed.GetValue(concurrency) is { Length: > 0 } given ? given : [perSecond > 0 ? 4 : 1];
        var options = new BenchOptions
        {
            Mode = ChosenMode(loading, model.Mode(parsed)),
            BatchSize = parsed.GetValue(batchSize),
            Concurrency = callers,
            Rate = perSecond > 0 ? perSecond : null,
            Pattern = parsed.GetValue(arrivals) switch
            {
                "poisson" => ArrivalPattern.Poisson,
                "constant" => ArrivalPattern.Constant,
                var other => throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"--arrivals takes poisson or constant, not '{other}'"),
            },
            Precision = parsed.GetValue(precision),
            MaxTime = parsed.GetValue(maxTime),
            Seed = parsed.GetValue(seed),
        };
        BenchReport report;
        using (var status = new StatusLine(StopwatchClock.Instance))
        {
            status.ShowEstimate($"loading {options.Mode}", new(options.MaxTime.Nanoseconds * callers.Length));
            report = new BenchExperiment(StopwatchClock.Instance, source, options) { Progress = status.Show, OwnInputs = input.Reader(parsed) }.Run(Interruption.Token);
        }

        if (parsed.GetValue(export) != TargetFile.Standard)
        {
            BenchText.Write(Console.Out, report);
        }

        TargetFile.Write(parsed.GetValue(export), stream => JsonOutput.Write(stream, 1, writer => BenchJson.Write(writer, report, CommandText.Of(parsed))));
        if (!report.WasCancelled)
        {
            return 0;
        }

        ErrorReport.WriteLine("error", "cancelled: the table has what was measured until then");
        return Interruption.ExitCode;
    }

    private static ModeName ChosenMode(ModelOptions options, string? mode)
    {
        var provider = EngineChoice.Choose(options);
        return new(provider.Name, EngineChoice.ResolveMode(provider, mode));
    }
}
