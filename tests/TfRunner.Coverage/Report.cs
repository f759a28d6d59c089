using System.Globalization;
using System.Text;

namespace TfRunner.Coverage;

/// <summary>The report as Markdown.</summary>
internal static class Report
{
    public static string Format(IReadOnlyList<SignatureResult> results, IReadOnlyList<string> notInPython, IReadOnlyList<string> versions)
    {
        var text = new StringBuilder();
        text.AppendLine("# Coverage");
        text.AppendLine();
        text.AppendLine("Which signatures of the models recorded in `../shared/models` run on which engine and mode, and agree with what Python");
        text.AppendLine("TensorFlow computed (shapes, dtypes, integers and strings equal; floats within the tolerances that the recordings name).");
        text.AppendLine(CultureInfo.InvariantCulture, $"Made by `scripts/coverage` with {string.Join(" and ", versions)}; not edited by hand.");
        text.AppendLine();
        text.AppendLine("| engine:mode | agree | refused | differ | of those that write no variable |");
        text.AppendLine("| --- | --: | --: | --: | --: |");
        foreach (var way in results.GroupBy(static r => r.Way))
        {
            var pure = way.Where(static r => !r.WritesState).ToList();
            var agree = pure.Count(static r => r.Verdict == Verdict.Agrees);
            text.AppendLine(CultureInfo.InvariantCulture, $"| `{way.Key}` | {Count(way, Verdict.Agrees)} | {Count(way, Verdict.Refused)} | {Count(way, Verdict.Differs)} | {agree} of {pure.Count} ({100.0 * agree / pure.Count:0.0} %) |");
        }

        text.AppendLine();
        text.AppendLine("## What does not run, and why");
        text.AppendLine();
        var failures = results.Where(static r => r.Verdict != Verdict.Agrees)
            .GroupBy(static r => (r.Model, r.Signature, r.Verdict, r.Reason))
            .ToList();
        if (failures.Count == 0)
        {
            text.AppendLine("Nothing.");
        }
        else
        {
            text.AppendLine("| model | signature | engine:mode | | reason |");
            text.AppendLine("| --- | --- | --- | --- | --- |");
            foreach (var failure in failures)
            {
                var ways = string.Join(", ", failure.Select(static f => $"`{f.Way}`"));
                text.AppendLine(CultureInfo.InvariantCulture, $"| {failure.Key.Model} | {failure.Key.Signature} | {ways} | {(failure.Key.Verdict == Verdict.Refused ? "refused" : "differs")} | {Cell(failure.Key.Reason)} |");
            }
        }

        text.AppendLine();
        text.AppendLine("## Models that Python TensorFlow does not run either");
        text.AppendLine();
        text.AppendLine(notInPython.Count == 0 ? "None." : string.Join(", ", notInPython) + ".");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static int Count(IEnumerable<SignatureResult> results, Verdict verdict) => results.Count(r => r.Verdict == verdict);

    private static string Cell(string? reason)
    {
        var line = (reason ?? string.Empty).ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Replace(Environment.CurrentDirectory, ".", StringComparison.Ordinal);
        line = RecordedCases.SharedFolder.IsPresent ? line.Replace(RecordedCases.SharedFolder.WildModels, "wild", StringComparison.Ordinal).Replace(RecordedCases.SharedFolder.Path!, "../shared", StringComparison.Ordinal) : line;
        return line.Length <= 300 ? line : line[..297] + "...";
    }
}
