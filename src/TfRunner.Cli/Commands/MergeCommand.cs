using System.CommandLine;
using TfRunner.Cli.Output;
using TfRunner.Cli.Prediction;
using TfRunner.Data.Formats;

namespace TfRunner.Cli.Commands;

/// <summary><c>merge OUT PART...</c>: joins what <c>predict --shard</c> wrote, in the order of a single run.</summary>
internal sealed class MergeCommand
{
    private readonly Argument<string> output = new("OUT") { Description = "the file to write; one that is there is replaced once the new one is whole" };

    private readonly Argument<string[]> parts = new("PART") { Description = "the parts, all of one run, in any order", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var self = new MergeCommand();
        var command = new Command("merge", "Joins the parts that predict --shard wrote into what a single run would have written.") { self.output, self.parts };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var path = parsed.GetRequiredValue(output);
        var ordered = Order(parsed.GetRequiredValue(parts));
        var rows = ordered.Sum(static p => p.Manifest.Rows);
        List<long> failed = [.. ordered.SelectMany(static p => p.Manifest.Failed).Order()];
        var positions = rows + failed.Count;
        for (var i = 0; i < ordered.Count; i++)
        {
            // Rows go round the parts, so their numbers follow from the sum.
            if (ordered[i].Manifest.Rows + ordered[i].Manifest.Failed.Count != (positions - i + ordered.Count - 1) / ordered.Count)
            {
                throw TfRunnerException.ForData(ErrorCode.DataLoss, FormattableString.Invariant($"{ordered[i].Path} has {ordered[i].Manifest.Rows} rows, which do not fit the {rows} of all parts"), "the input changed between the parts: predict them again");
            }
        }

        PartJoiner.Join(path, [.. ordered.Select(static p => p.Path)], failed);
        ErrorReport.WriteLine("done", FormattableString.Invariant($"{path}: {rows} rows of {ordered.Count} parts"));
        return 0;
    }

    private static List<(string Path, ShardManifest Manifest)> Order(string[] paths)
    {
        var found = paths.Select(static p => (Path: p, Manifest: ShardManifest.Read(p))).OrderBy(static p => p.Manifest.Index).ToList();
        var first = found[0];
        if (found.Find(p => p.Manifest.Run != first.Manifest.Run || p.Manifest.Count != first.Manifest.Count) is { Path: not null } foreign)
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{foreign.Path} and {first.Path} are parts of different runs", "parts belong together when model, input and options were the same");
        }

        for (var i = 0; i < found.Count - 1; i++)
        {
            if (found[i].Manifest.Index == found[i + 1].Manifest.Index)
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, FormattableString.Invariant($"{found[i].Path} and {found[i + 1].Path} are both part {found[i].Manifest.Index}"));
            }
        }

        var missing = Enumerable.Range(0, first.Manifest.Count).Except(found.Select(static p => p.Manifest.Index)).ToList();
        return missing.Count == 0
            ? found
            : throw TfRunnerException.ForData(ErrorCode.NotFound, FormattableString.Invariant($"of {first.Manifest.Count} parts these are missing: {string.Join(", ", missing)}"), "run predict --shard for them");
    }
}
