using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using TfRunner.Cli.Commands;
using TfRunner.Cli.Output;

namespace TfRunner.Cli;

/// <summary>Parses the command line, runs one command, and turns what went wrong into an exit code.</summary>
internal static class CommandLine
{
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "show the stack trace of an error", Recursive = true };

    public static int Run(string[] args)
    {
        // Not a RootCommand, which takes its name from the assembly; users type the launcher's.
        var root = new Command("tfrunner", "Runs TensorFlow SavedModels from .NET and says what each call costs.")
        {
            InspectCommand.Create(),
            PredictCommand.Create(),
            MergeCommand.Create(),
            DiffCommand.Create(),
            BenchCommand.Create(),
            CompareCommand.Create(),
            SweepCommand.Create(),
            ProfileCommand.Create(),
            ConvertCommand.Create(),
            DoctorCommand.Create(),
            NativeCommand.Create(),
            ColdCallCommand.Create(),
        };
        root.Options.Add(Verbose);
        root.Options.Add(new HelpOption { Action = new HelpText() });
        root.Options.Add(new VersionOption());

        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            SayWrongUse(parsed);
            return (int)ErrorStage.Usage;
        }

        using var interruption = new Interruption();
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return ErrorReport.Write(e, parsed.GetValue(Verbose));
        }
    }

    private static void SayWrongUse(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var unknown, ..])
        {
            var isOption = unknown.StartsWith('-');
            var known = isOption ? command.Options.Select(static o => o.Name) : command.Subcommands.Select(static c => c.Name);
            ErrorReport.WriteLine("error", $"there is no {(isOption || command.Subcommands.Count == 0 ? "option or argument" : "command")} '{unknown}'");
            ErrorReport.WriteLine("hint", NearestName.Find(unknown, known) is { } near
                ? $"did you mean '{near}'?"
                : $"see 'tfrunner {PathOf(parsed.CommandResult)}--help'");
            return;
        }

        ErrorReport.WriteLine("error", parsed.Errors[0].Message);
        ErrorReport.WriteLine("hint", $"see 'tfrunner {PathOf(parsed.CommandResult)}--help'");
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? PathOf(parent) + result.Command.Name + " " : string.Empty;
}
