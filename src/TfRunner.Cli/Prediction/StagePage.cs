using System.Globalization;
using System.Net;
using System.Text;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Prediction;

/// <summary>What the stages of a run did, as an HTML page that needs nothing else.</summary>
internal static class StagePage
{
    /// <summary>Makes the page.</summary>
    /// <param name="title">What was run.</param>
    /// <param name="rows">Rows predicted.</param>
    /// <param name="report">The stages of reading, and how long the model waited for them.</param>
    /// <returns>The page.</returns>
    public static string Of(string title, long rows, PipelineReport report)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>").Append(WebUtility.HtmlEncode(title)).Append("</title>")
            .Append("<style>body{font:15px sans-serif;margin:2em}td,th{padding:.3em .8em;text-align:right}td:first-child,th:first-child{text-align:left}div{background:#48a;height:1em}</style>")
            .Append("<h1>").Append(WebUtility.HtmlEncode(title)).Append("</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>{rows:N0} rows in {report.Elapsed.TotalSeconds:0.000} s. {WebUtility.HtmlEncode(report.Bottleneck)}.</p>");
        page.Append("<table><tr><th>stage<th>elements<th>errors<th>busy s<th>waiting for input s<th>held up s<th>calls at once<th>buffer<th>busy share</tr>");
        foreach (var stage in report.Stages)
        {
            var share = report.Elapsed <= TimeSpan.Zero ? 0 : Math.Clamp(stage.Busy / report.Elapsed / Math.Max(stage.ParallelCalls, 1), 0, 1);
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{WebUtility.HtmlEncode(stage.Name)}<td>{stage.Elements:N0}<td>{stage.Errors:N0}<td>{stage.Busy.TotalSeconds:0.000}<td>{stage.InputWait.TotalSeconds:0.000}<td>{stage.OutputWait.TotalSeconds:0.000}<td>{stage.ParallelCalls}<td>{stage.QueueDepth} of {stage.QueueCapacity}<td style=\"width:12em\"><div style=\"width:{share * 100:0}%\"></div></tr>");
        }

        return page.Append("</table></html>\n").ToString();
    }
}
