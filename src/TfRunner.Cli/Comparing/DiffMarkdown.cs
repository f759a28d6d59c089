using System.Text;
using TfRunner.Diagnosis.Diff;

namespace TfRunner.Cli.Comparing;

/// <summary>The report of <c>diff</c> as Markdown, for issues and documents.</summary>
internal static class DiffMarkdown
{
    public static string Text(DiffReport report, string command)
    {
        var text = new StringBuilder();
        text.Append($"### {Escape(report.Model)}, signature {Escape(report.Signature)}\n");
        foreach (var batch in report.Batches)
        {
            text.Append($"\nInputs: {Escape(batch.Inputs)}\n\n");
            text.Append('|').AppendJoin('|', DiffCells.Headers.Select(static h => $" {h.TrimStart('>')} ")).Append("|\n|");
            text.AppendJoin('|', DiffCells.Headers.Select(static h => h.StartsWith('>') ? " ---: " : " --- ")).Append("|\n");
            foreach (var row in batch.Rows)
            {
                text.Append('|').AppendJoin('|', DiffCells.Of(row, row.Mode == report.Baseline).Select(static c => $" {Escape(c)} ")).Append("|\n");
            }

            text.Append($"\n{DiffText.Sampled(batch, report)}\n");
        }

        var notes = DiffNotes.Of(report).Select(static n => $"- {Escape(n)}\n").ToList();
        text.Append(notes.Count > 0 ? "\n" : "").AppendJoin("", notes);
        text.Append($"\n{report.Machine.Processor}, {report.Machine.Processors} processors, {report.Machine.System}, {report.Machine.Runtime}\n\n```\n{command}\n```\n");
        return text.ToString();
    }

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
