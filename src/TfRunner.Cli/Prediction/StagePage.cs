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
        .wide{overflow-x:auto}table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        td:first-child,th:first-child{text-align:left}th{font-weight:600;color:var(--soft)}.slow td:first-child{font-weight:700}
        .track{display:inline-block;width:4.5rem;height:.75rem;background:var(--line);vertical-align:middle}.track i{display:block;height:100%;background:var(--bar)}
        svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
        """;

    // The timeline in SVG units: a lane each.
    private const double Width = 900;
    private const double LaneHeight = 46;
    private const double Gap = 26;

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
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>")
            .Append(WebUtility.HtmlEncode(title)).Append("</title><style>").Append(Style).Append("</style></head><body><h1>").Append(WebUtility.HtmlEncode(title)).Append("</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{rows:N0} rows in {seconds:0.000} s, {rows / Math.Max(seconds, 1e-9):N0} rows/s. <strong>{WebUtility.HtmlEncode(report.Bottleneck)}.</strong></p>");
        AppendStages(page, report);
        AppendTimeline(page, report, timeline);
        return page.Append("</body></html>\n").ToString();
    }

    private static void AppendStages(StringBuilder page, PipelineReport report)
    {
        page.Append("<h2>Stages</h2><div class=\"wide\"><table><tr><th>stage<th>elements<th>errors<th>busy, s<th>waiting for input, s<th>held up, s<th>calls at once<th>buffer<th>busy share</tr>");
        foreach (var stage in report.Stages)
        {
            var share = report.Elapsed <= TimeSpan.Zero ? 0 : Math.Clamp(stage.Busy / report.Elapsed / Math.Max(stage.ParallelCalls, 1), 0, 1);
            page.Append(CultureInfo.InvariantCulture, $"<tr{(report.Slowest?.Name == stage.Name ? " class=\"slow\"" : string.Empty)}><td>{WebUtility.HtmlEncode(stage.Name)}<td>{stage.Elements:N0}<td>{stage.Errors:N0}<td>{stage.Busy.TotalSeconds:0.000}<td>{stage.InputWait.TotalSeconds:0.000}<td>{stage.OutputWait.TotalSeconds:0.000}<td>{stage.ParallelCalls}<td>{(stage.QueueCapacity == 0 ? "none" : FormattableString.Invariant($"{stage.QueueDepth} of {stage.QueueCapacity}"))}<td>{share * 100:0} % <span class=\"track\"><i style=\"width:{share * 100:0}%\"></i></span></tr>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<tr{(report.Slowest is null ? " class=\"slow\"" : string.Empty)}><td>{WebUtility.HtmlEncode(report.Consumer)}<td><td><td>{(report.Elapsed - report.ConsumerWait).TotalSeconds:0.000}<td>{report.ConsumerWait.TotalSeconds:0.000}<td><td>1<td><td>{(1 - report.WaitingShare) * 100:0} % <span class=\"track\"><i style=\"width:{(1 - report.WaitingShare) * 100:0}%\"></i></span></tr></table></div>");
        page.Append("<p class=\"soft\">Busy: own work, over all calls at once. Held up: what comes after was full. The model's waiting is what its stage before could not deliver in time; its busy time holds writing too where that keeps up.</p>");
    }

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

        var height = (lanes.Count * (LaneHeight + Gap)) + 24;
        page.Append(CultureInfo.InvariantCulture, $"<h2>Timeline</h2><div class=\"wide\"><svg viewBox=\"0 0 {Width} {height}\" style=\"min-width:34rem\" role=\"img\" aria-label=\"what each stage did over time\">");
        for (var lane = 0; lane < lanes.Count; lane++)
        {
            AppendLane(page, lanes[lane], lane * (LaneHeight + Gap), moments, end);
        }

        for (var tick = 0; tick <= 4; tick++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{tick / 4.0 * Width:0}\" y=\"{height - 6}\" text-anchor=\"{(tick == 0 ? "start" : tick == 4 ? "end" : "middle")}\">{end * tick / 4:0.##} s</text>");
        }

        page.Append("</svg></div>");
    }

    private static void AppendLane(StringBuilder page, (string Name, string Unit, string Color, double Top, double[] Values) lane, double y, IReadOnlyList<Timeline.Moment> moments, double end)
    {
        var bottom = y + Gap + LaneHeight;
        page.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y + Gap - 6}\">{WebUtility.HtmlEncode(lane.Name)}, {WebUtility.HtmlEncode(lane.Unit)}</text>");
        page.Append(CultureInfo.InvariantCulture, $"<line x1=\"0\" x2=\"{Width}\" y1=\"{bottom}\" y2=\"{bottom}\" stroke=\"var(--line)\"/><path fill=\"var({lane.Color})\" d=\"M0 {bottom}");
        var before = 0.0;
        for (var i = 0; i < lane.Values.Length; i++)
        {
            var until = moments[i].Report.Elapsed.TotalSeconds;
            var top = bottom - (Math.Clamp(lane.Values[i] / Math.Max(lane.Top, 1e-12), 0, 1) * LaneHeight);
            page.Append(CultureInfo.InvariantCulture, $"L{before / end * Width:0.#} {top:0.#}L{until / end * Width:0.#} {top:0.#}");
            before = until;
        }

        page.Append(CultureInfo.InvariantCulture, $"L{Width} {bottom}Z\"/>");
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
