using System.Globalization;
using System.Net;
using System.Text;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Prediction;

/// <summary>What the stages of a run did, and when, as an HTML page that needs nothing else.</summary>
internal static class StagePage
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b2733;--soft:#5c6b7a;--line:#d5dde5;--bar:#2f7fb8;--wait:#d98b2b;--paper:#fff}
        @media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9fb0c0;--line:#33414f;--bar:#5aa9e0;--wait:#e5a653;--paper:#12181f}}
        body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:0 auto;padding:1.2rem}
        h1{font-size:1.35rem;margin:.2rem 0}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}p{margin:.3rem 0}.soft{color:var(--soft)}
        table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        td:first-child,th:first-child{text-align:left}th{font-weight:600;color:var(--soft)}.slow td:first-child{font-weight:700}
        .track{display:inline-block;width:4.5rem;height:.75rem;background:var(--line);vertical-align:middle}.track i{display:block;height:100%;background:var(--bar)}
        .lane{margin:.9rem 0 .2rem}.lane svg{display:block;width:100%;height:46px;border-bottom:1px solid var(--line)}.axis{display:flex;justify-content:space-between}.axis,.lane p{font-size:.8rem;color:var(--soft)}
        @media(max-width:52rem){thead{display:none}tr{display:block;border:1px solid var(--line);border-radius:.5rem;padding:.4rem .7rem;margin:.6rem 0}
        td,td:first-child{display:flex;justify-content:space-between;gap:1rem;border:0;padding:.1rem 0;white-space:normal}td::before{content:attr(data-label);color:var(--soft);font-weight:400}td:first-child{font-weight:600}td:first-child::before,td:empty{display:none}}
        """;

    // A lane of the timeline in SVG units; it is stretched to the page's width.
    private const double Width = 900;
    private const double LaneHeight = 46;

    private static readonly string[] Headers = ["stage", "elements", "errors", "busy, s", "waiting for input, s", "held up, s", "calls at once", "buffer", "busy share"];

    /// <summary>Makes the page.</summary>
    /// <param name="title">What was run.</param>
    /// <param name="rows">Rows predicted.</param>
    /// <param name="report">The stages of reading, and how long the model waited for them.</param>
    /// <param name="timeline">What they did when.</param>
    /// <returns>The page.</returns>
    public static string Of(string title, long rows, PipelineReport report, Timeline timeline)
    {
        var page = new StringBuilder();
        var seconds = report.Elapsed.TotalSeconds;
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>")
            .Append(WebUtility.HtmlEncode(title)).Append("</title><style>").Append(Style).Append("</style></head><body><h1>").Append(WebUtility.HtmlEncode(title)).Append("</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{rows:N0} rows in {seconds:0.000} s, {rows / Math.Max(seconds, 1e-9):N0} rows/s. <strong>{WebUtility.HtmlEncode(report.Bottleneck)}.</strong></p>");
        AppendStages(page, report);
        AppendTimeline(page, report, timeline);
        return page.Append("</body></html>\n").ToString();
    }

    private static void AppendStages(StringBuilder page, PipelineReport report)
    {
        page.Append("<h2>Stages</h2><table><thead><tr><th>").AppendJoin("<th>", Headers).Append("</thead><tbody>");
        foreach (var stage in report.Stages)
        {
            AppendRow(
                page,
                report.Slowest?.Name == stage.Name,
                report.Elapsed <= TimeSpan.Zero ? 0 : Math.Clamp(stage.Busy / report.Elapsed / Math.Max(stage.ParallelCalls, 1), 0, 1),
                stage.Name, Count(stage.Elements), Count(stage.Errors), Seconds(stage.Busy), Seconds(stage.InputWait), Seconds(stage.OutputWait), Count(stage.ParallelCalls),
                stage.QueueCapacity == 0 ? "none" : FormattableString.Invariant($"{stage.QueueDepth} of {stage.QueueCapacity}"));
        }

        AppendRow(page, report.Slowest is null, 1 - report.WaitingShare, report.Consumer, "", "", Seconds(report.Elapsed - report.ConsumerWait), Seconds(report.ConsumerWait), "", "1", "");
        page.Append("</tbody></table>");
        page.Append("<p class=\"soft\">Busy: own work, over all calls at once. Held up: what comes after was full. The model's waiting is what its stage before could not deliver in time; its busy time holds writing too where that keeps up.</p>");
    }

    private static void AppendRow(StringBuilder page, bool isSlowest, double share, params ReadOnlySpan<string> cells)
    {
        page.Append(isSlowest ? "<tr class=\"slow\">" : "<tr>");
        for (var i = 0; i < cells.Length; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<td data-label=\"{Headers[i]}\">{WebUtility.HtmlEncode(cells[i])}</td>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<td data-label=\"{Headers[^1]}\"><span>{share * 100:0} % <span class=\"track\"><i style=\"width:{share * 100:0}%\"></i></span></span></td></tr>");
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static void AppendTimeline(StringBuilder page, PipelineReport report, Timeline timeline)
    {
        var moments = timeline.Moments;
        if (moments.Count < 2)
        {
            return;
        }

        var stages = moments[^1].Report.Stages;
        var end = moments[^1].Report.Elapsed.TotalSeconds;
        var lanes = new List<(string Name, string Unit, string Color, double Top, double[] Values)>();
        var rates = Differences(moments, static m => m.Rows);
        lanes.Add(("rows/s", FormattableString.Invariant($"up to {rates.Max():N0}"), "--bar", rates.Max(), rates));
        lanes.Add(($"{report.Consumer} waiting", "share of the time", "--wait", 1, Differences(moments, static m => m.Report.ConsumerWait.TotalSeconds)));
        for (var i = 0; i < stages.Count; i++)
        {
            var at = i;
            if (stages[i].Busy > TimeSpan.Zero)
            {
                var most = moments.Max(m => m.Report.Stages.Count > at ? m.Report.Stages[at].ParallelCalls : 1);
                lanes.Add(($"{stages[i].Name} busy", FormattableString.Invariant($"calls at work, of {most}"), "--bar", most, Differences(moments, m => m.Report.Stages.Count > at ? m.Report.Stages[at].Busy.TotalSeconds : 0)));
            }
        }

        page.Append("<h2>Timeline</h2>");
        foreach (var lane in lanes)
        {
            AppendLane(page, lane, moments, end);
        }

        page.Append("<div class=\"axis\">");
        for (var tick = 0; tick <= 4; tick++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<span>{end * tick / 4:0.###} s</span>");
        }

        page.Append("</div>");
    }

    private static void AppendLane(StringBuilder page, (string Name, string Unit, string Color, double Top, double[] Values) lane, IReadOnlyList<Timeline.Moment> moments, double end)
    {
        var name = WebUtility.HtmlEncode($"{lane.Name}, {lane.Unit}");
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"lane\"><p>{name}</p><svg viewBox=\"0 0 {Width} {LaneHeight}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{name}\"><path fill=\"var({lane.Color})\" d=\"M0 {LaneHeight}");
        var before = 0.0;
        for (var i = 0; i < lane.Values.Length; i++)
        {
            var until = moments[i].Report.Elapsed.TotalSeconds;
            var top = LaneHeight - (Math.Clamp(lane.Values[i] / Math.Max(lane.Top, 1e-12), 0, 1) * LaneHeight);
            page.Append(CultureInfo.InvariantCulture, $"L{before / end * Width:0.#} {top:0.#}L{until / end * Width:0.#} {top:0.#}");
            before = until;
        }

        page.Append(CultureInfo.InvariantCulture, $"L{Width} {LaneHeight}Z\"/></svg></div>");
    }

    /// <summary>How fast a counter grew up to each moment, per second.</summary>
    private static double[] Differences(IReadOnlyList<Timeline.Moment> moments, Func<Timeline.Moment, double> counter)
    {
        var values = new double[moments.Count];
        var (time, count) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var (now, next) = (moments[i].Report.Elapsed.TotalSeconds, counter(moments[i]));
            values[i] = Math.Max(0, next - count) / Math.Max(now - time, 1e-9);
            (time, count) = (now, next);
        }

        return values;
    }
}
