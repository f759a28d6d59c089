using System.CommandLine;
using TfRunner.Cli.Output;
using TfRunner.Cli.Profiling;
using TfRunner.Diagnosis.Modes;
using TfRunner.Diagnosis.Profiles;
using TfRunner.Engines;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary><c>profile MODEL</c>: where one call's time goes, by op and by op type.</summary>
internal sealed class ProfileCommand
{
    private readonly ModelBinding model = new();
    private readonly InputOption input = new();
    private readonly Option<string?> modes = new("--modes")
    {
        Description = "the modes to profile, separated by commas (default: each engine's default mode)",
        HelpName = "A,B",
    };

    private readonly Option<int?> batchSize = Options.WholeNumber("--batch-size", "rows per call", 1, 1 << 20, "1 row, or the input file whole");
    private readonly Option<int?> calls = Options.WholeNumber("--calls", "profiled calls, of which medians are shown", 1, 10_000, "10");
    private readonly Option<int?> top = Options.WholeNumber("--top", "how many ops to list", 0, 1_000_000, "15");
    private readonly Option<ulong> seed = new("--seed") { Description = "decides random inputs (default: 1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> trace = MeasuredOptions.Target("--trace", "one call as a trace for chrome://tracing or ui.perfetto.dev");
    private readonly Option<string?> json = MeasuredOptions.Target("--json", "the profile as JSON");

    public static Command Create()
    {
        var self = new ProfileCommand();
        var command = new Command("profile", "Says where one call's time goes, by op and by op type.");
        self.model.AddModelTo(command);
        self.input.AddTo(command);
        Option[] options = [self.modes, self.batchSize, self.calls, self.top, self.seed, self.trace, self.json];
        Array.ForEach(options, command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        Interruption.WaitForReport();
        var loading = model.ModelOptions(parsed);
        var source = new ModelSource(model.Path(parsed), loading.SavedModel, loading.EngineOptions, model.Signature(parsed));
        SavedModel.Open(source.Path, source.SavedModel).Dispose();
        var chosen = parsed.GetValue(modes) is { } named ? ModeName.Parse(named) : [.. EngineCatalog.Providers.Select(static p => new ModeName(p.Name, p.Modes[0]))];
        var profiles = new List<(CallProfile Profile, string Inputs)>();
        using (var status = new StatusLine(StopwatchClock.Instance))
        {
            var experiment = new ProfileExperiment(StopwatchClock.Instance, source, parsed.GetValue(calls) ?? 10, parsed.GetValue(batchSize), parsed.GetValue(seed))
            {
                OwnInputs = input.Reader(parsed),
                Progress = (what, left) => status.ShowEstimate(what, new(left.Nanoseconds + (ProfileExperiment.Cap.Nanoseconds * (chosen.Count - profiles.Count - 1)))),
            };
            try
            {
                foreach (var mode in chosen.TakeWhile(static _ => !Interruption.Token.IsCancellationRequested))
                {
                    profiles.Add(experiment.Run(mode, Interruption.Token));
                }
            }
            catch (OperationCanceledException) when (profiles.Count > 0)
            {
                // The report has the modes before.
            }
        }

        if (profiles.TrueForAll(static p => p.Profile.Reason is not null) && !Interruption.Token.IsCancellationRequested)
        {
            throw new TfRunnerException(ErrorCode.Unimplemented, ErrorStage.Run, $"no mode could be profiled: {profiles[0].Profile.Mode}: {profiles[0].Profile.Reason}");
        }

        if (parsed.GetValue(trace) != TargetFile.Standard && parsed.GetValue(json) != TargetFile.Standard)
        {
            ProfileText.Write(Console.Out, profiles, parsed.GetValue(top) ?? 15);
        }

        TargetFile.Write(parsed.GetValue(trace), stream => TraceFile.Write(stream, profiles.ConvertAll(static p => p.Profile)));
        TargetFile.Write(parsed.GetValue(json), stream => JsonOutput.Write(stream, 1, writer => ProfileJson.Write(writer, source.Path, profiles, CommandText.Of(parsed), Interruption.Token.IsCancellationRequested)));
        if (!Interruption.Token.IsCancellationRequested)
        {
            return 0;
        }

        ErrorReport.WriteLine("error", "cancelled: the profile has the calls that were made until then");
        return Interruption.ExitCode;
    }
}
