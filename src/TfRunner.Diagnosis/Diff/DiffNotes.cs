using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Diff;

/// <summary>What a reader of the table should know, in a closed list of remarks, each with advice.</summary>
internal static class DiffNotes
{
    /// <summary>Groups nearer than this are not worth a remark.</summary>
    private const double MinGroupRatio = 1.25;

    public static IEnumerable<string> Of(DiffReport report)
    {
        foreach (var batch in report.Batches)
        {
            var at = report.Batches.Count > 1 ? FormattableString.Invariant($"batch {batch.Batch}: ") : "";
            if (batch.End == SamplingEnd.OutOfTime)
            {
                yield return $"{at}time was up before every ratio was known to {report.Options.Precision}: give more with --max-time";
            }

            foreach (var row in batch.Rows.Where(static r => r.Departure is not null))
            {
                yield return $"{at}{row.Mode} departs from {report.Baseline}{(row.Departure!.IsFound ? " first at " : "; where it begins was not found: ")}{row.Departure}";
            }

            if (ProcessorUse.RatioError(batch.Others) is > 0 and var error)
            {
                yield return FormattableString.Invariant($"{at}other work used {batch.Others * 100:0} % of the processors' time, which weighs on some modes more than on others: a ratio is judged only beyond {(error < 1e3 ? FormattableString.Invariant($"{1 + error:0.0#}") : "a thousand")} times; make the machine quieter");
            }

            var uncold = batch.Rows.Where(static r => r.Summary is not null && r.Cold.Count == 0).Select(static r => r.Mode).ToList();
            if (uncold.Count > 0 && report.Options.ColdCalls > 0)
            {
                yield return $"{at}no time was left for a first call in a fresh process: {string.Join(", ", uncold)}; give more with --max-time";
            }

            // One line per kind of remark, however many modes it is true of.
            foreach (var kind in batch.Rows.SelectMany(r => Of(r, report.Clock)).GroupBy(static n => n.Kind))
            {
                yield return $"{at}{string.Format(System.Globalization.CultureInfo.InvariantCulture, kind.Key, string.Join(", ", kind.Select(static n => n.Who)))}";
            }
        }

        if (report.Machine.LoadAverage > report.Machine.Processors * 0.7)
        {
            yield return FormattableString.Invariant($"the machine was busy (load {report.Machine.LoadAverage:0.0} on {report.Machine.Processors} processors): times are longer than on a quiet one");
        }
    }

    private static IEnumerable<(string Kind, string Who)> Of(DiffRow row, ClockCost clock)
    {
        if (row.WarmUp is { IsSteady: false, Calls: > 0 })
        {
            yield return ("still becoming faster when warm-up had to end: {0}; give more with --max-time", $"{row.Mode}");
        }

        if (row.Compiles && (row.NewShapeCost ?? row.NewShape) is { } shape)
        {
            yield return ("compiling for this shape, as for every further one: {0}", $"{row.Mode} {shape}");
        }

        if (row.Summary is not { } summary)
        {
            yield break;
        }

        if (summary.Drifts)
        {
            yield return (
                "drifting from first to last call: {0}; ratios allow for it, percentiles do not",
                FormattableString.Invariant($"{row.Mode} by {summary.Drift.RelativeChange * 100:+0;-0} %"));
        }

        if (summary.IsMultimodal && summary.Peaks[^1] > summary.Peaks[0] * MinGroupRatio)
        {
            yield return (
                "times fall into groups, so that a median may be a time that few calls take: {0}",
                $"{row.Mode} near {string.Join(" and ", summary.Peaks.Select(static p => new TimeInterval(p)))}");
        }

        if (summary.P50.Value < 20 * clock.Loop.Nanoseconds)
        {
            yield return ($"measuring, at {clock.Loop} per call, is a good part of what is measured: {{0}}", $"{row.Mode}");
        }

        var far = (double)summary.Outliers.TukeyFar / summary.Count;
        if (far > 0.02)
        {
            yield return ("calls that lie far out, which are in every figure: {0}", FormattableString.Invariant($"{far * 100:0.0} % of {row.Mode}"));
        }
    }
}
