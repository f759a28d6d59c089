using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Diff;
using TfRunner.Measurement;

namespace TfRunner.Cli.Comparing;

/// <summary>The report of <c>diff</c> for a terminal.</summary>
internal static class DiffText
{
    public static void Write(TextWriter writer, DiffReport report)
    {
        writer.WriteLine($"{report.Model}, signature {report.Signature}");
        writer.WriteLine($"{report.Machine.Processor}, {report.Machine.Processors} processors, {string.Join(", ", report.EngineVersions.Select(static v => $"{v.Key} {v.Value}"))}");
        foreach (var batch in report.Batches)
        {
            writer.WriteLine();
            writer.WriteLine($"inputs: {batch.Inputs}");
            TextTable.Write(writer, DiffCells.Headers, batch.Rows.Select(r => DiffCells.Of(r, r.Mode == report.Baseline)));
            writer.WriteLine(Sampled(batch, report));
        }

        foreach (var note in DiffNotes.Of(report))
        {
            writer.WriteLine($"note: {note}");
        }
    }

    public static string Sampled(DiffBatch batch, DiffReport report)
    {
        var calls = batch.Rows.Sum(static r => r.Summary?.Count ?? 0);
        var end = batch.End switch
        {
            SamplingEnd.Precise => $"every ratio is known to {report.Options.Precision}",
            SamplingEnd.OutOfTime => "time was up",
            SamplingEnd.Cancelled => "cancelled",
            _ => "nothing was measured",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{calls:N0} calls in {batch.Rounds:N0} interleaved rounds, {end}; threshold {report.Options.Threshold}; measuring a call costs {report.Clock.Loop}, which is not subtracted");
    }
}
