using System.CommandLine;
using TfRunner.Cli.Benching;
using TfRunner.Cli.Comparing;
using TfRunner.Cli.Measuring;
using TfRunner.Cli.Output;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary><c>compare A.json B.json</c>: whether B is faster or slower than A, row by row.</summary>
internal sealed class CompareCommand
{
    /// <summary>The exit code when a row is slower and <c>--fail-if-slower</c> was given.</summary>
    private const int Slower = 7;

    /// <summary>Separate runs differ by more than interleaved ones; no interval is taken as narrower than this.</summary>
    private const double Resolution = 0.02;

    private readonly Argument<string> before = new("A") { Description = "the earlier result, from 'bench --export' or 'diff --json'" };
    private readonly Argument<string> after = new("B") { Description = "the later result" };
    private readonly Option<Percentage> threshold = MeasuredOptions.Share("--threshold", "the least change that matters", "5%");
    private readonly Option<Percentage?> fail = new("--fail-if-slower")
    {
        Description = "exit with 7 when a row is slower by more than this share, beyond doubt (0% to 1000%; default: none)",
        HelpName = "P%",
        CustomParser = static result =>
        {
            if (Percentage.TryParse(result.Tokens.Count > 0 ? result.Tokens[0].Value : null, out var share) && share.Fraction <= 10)
            {
                return share;
            }

            result.AddError($"--fail-if-slower takes a percentage such as 5%, not '{(result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty)}'");
            return null;
        },
    };

    private readonly Option<string?> json = MeasuredOptions.Target("--json", "the comparison as JSON");

    public static Command Create()
    {
        var self = new CompareCommand();
        var command = new Command("compare", "Compares two results of bench or diff, row by row.") { self.before, self.after };
        command.Options.Add(self.threshold);
        command.Options.Add(self.fail);
        command.Options.Add(self.json);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (a, b) = (MeasuredFile.Read(parsed.GetRequiredValue(before)), MeasuredFile.Read(parsed.GetRequiredValue(after)));
        var limit = parsed.GetValue(fail);
        var least = (limit ?? parsed.GetValue(threshold)).Fraction;
        var rows = a.Rows.Keys.Where(b.Rows.ContainsKey)
            .Select(name => SeparateComparison.Ratio(b.Rows[name], a.Rows[name]) is var ratio ? (Name: name, Ratio: ratio, Verdict: ratio.Judge(least, Math.Max(Resolution, ProcessorUse.RatioError(Math.Max(a.Others[name], b.Others[name]))))) : default)
            .ToList();
        if (rows.Count == 0)
        {
            throw TfRunnerException.ForData(
                ErrorCode.InvalidArgument, $"{a.Path} and {b.Path} have no row in common", $"A has {Names(a)}; B has {Names(b)}");
        }

        if (parsed.GetValue(json) != TargetFile.Standard)
        {
            TextTable.Write(Console.Out, ["row", ">before", ">after", ">ratio", "verdict"], rows.Select(r => new[]
            {
                r.Name, Median(a.Rows[r.Name]), Median(b.Rows[r.Name]), DiffCells.Ratio(r.Ratio), r.Verdict.ToString().ToLowerInvariant(),
            }));
        }

        TargetFile.Write(parsed.GetValue(json), stream => JsonOutput.Write(stream, 1, writer =>
        {
            writer.WriteString("kind", "compare");
            writer.WriteNumber("threshold", least);
            writer.WriteStartArray("rows");
            foreach (var (name, ratio, verdict) in rows)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                MeasuredJson.Number(writer, "ratio", ratio.Ratio);
                MeasuredJson.Number(writer, "low", ratio.Low);
                MeasuredJson.Number(writer, "high", ratio.High);
                writer.WriteString("verdict", verdict.ToString().ToLowerInvariant());
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }));
        Notes(a, b);
        return limit is not null && rows.Exists(static r => r.Verdict == Verdict.Slower) ? Slower : 0;
    }

    private static void Notes(MeasuredFile a, MeasuredFile b)
    {
        if (a.Processor != b.Processor)
        {
            ErrorReport.WriteLine("note", $"measured on different processors: {a.Processor} and {b.Processor}");
        }

        if (a.Rows.Keys.Where(b.Rows.ContainsKey).Select(n => Math.Max(a.Others[n], b.Others[n])).DefaultIfEmpty(0).Max() is var others && ProcessorUse.RatioError(others) > 0)
        {
            ErrorReport.WriteLine("note", string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"other work used up to {others * 100:0} % of the processors' time, so only greater ratios are judged: measure on a quiet machine"));
        }

        foreach (var (file, other) in new[] { (a, b), (b, a) })
        {
            foreach (var name in file.Rows.Keys.Where(n => !other.Rows.ContainsKey(n)))
            {
                ErrorReport.WriteLine("note", $"only in {file.Path}: {name}");
            }
        }
    }

    private static string Median(double[] times) => new TimeInterval(Percentiles.Median(times)).ToString();

    private static string Names(MeasuredFile file) => file.Rows.Count == 0 ? "no times" : string.Join(", ", file.Rows.Keys.Take(3));
}
