using System.Globalization;
using System.Net;
using System.Text;

namespace TfRunner.Cli.Sweeping;

/// <summary>The report of <c>sweep</c> as one self-contained page: a heat map per mode, readable without scripts.</summary>
internal static class SweepPage
{
    private const string Style = """
        :root { --ground: #fcfcfb; --ink: #1b1b1a; --soft: #62615d; --heat: 42, 120, 214; }
        @media (prefers-color-scheme: dark) { :root { --ground: #161615; --ink: #f0efec; --soft: #a5a39d; --heat: 91, 159, 240; } }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 960px; margin: 0 auto; padding: 20px 16px 40px; }
        h1 { font-size: 22px; overflow-wrap: anywhere; margin: 0 0 4px; } h2 { font-size: 17px; margin: 28px 0 8px; }
        b { overflow-wrap: normal; } pre { font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; }
        .soft { overflow-wrap: anywhere; color: var(--soft); font-size: 13px; }
        .scroll { overflow-x: auto; } .word { display: inline-block; max-width: 100%; }
        table { border-collapse: separate; border-spacing: 3px; font-variant-numeric: tabular-nums; font-size: 14px; }
        th { color: var(--soft); font-weight: 500; text-align: right; padding: 4px 8px; white-space: nowrap; }
        td { padding: 6px 10px; text-align: right; border-radius: 4px; white-space: nowrap; background: rgba(var(--heat), var(--share)); }
        td small { display: block; color: var(--soft); } td.best { outline: 2px solid var(--ink); }
        """;

    public static string Text(SweepReport report, string command)
    {
        var page = new StringBuilder();
        var title = Encode($"{report.Name}: batch sizes and threads");
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Append($"<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\"><title>{title}</title><style>{Style}</style></head>\n<body><main>\n<h1>{title}</h1>\n<p class=\"soft\">{Encode(report.Model)}</p>\n");
        if (report.WasCancelled)
        {
            page.Append("<p><b>Interrupted</b>: this is what was measured until then.</p>\n");
        }

        if (report.BestLatency is { } latency && report.BestThroughput is { } throughput)
        {
            page.Append($"<p>Least latency: <b>{Setting(latency)}</b>, {latency.Latency}.<br>Most throughput: <b>{Setting(throughput)}</b>, {Rows(throughput)}.</p>\n");
        }

        foreach (var mode in report.Modes)
        {
            page.Append($"<h2>{Encode(mode.ToString())}</h2>\n<div class=\"scroll\"><table><tr><th>rows per call</th>");
            page.AppendJoin("", report.Threads.Select(static t => t == 0 ? "<th>engine's threads</th>" : string.Create(CultureInfo.InvariantCulture, $"<th>{t} thread{(t == 1 ? "" : "s")}</th>")));
            page.Append("</tr>\n");
            foreach (var batch in report.Batches)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><th>{batch}</th>").AppendJoin("", report.Threads.Select(t => Cell(report, report.Find(mode, batch, t)))).Append("</tr>\n");
            }

            page.Append("</table></div>\n");
        }

        return page.Append($"<p class=\"soft\">Rows per second above, median latency of a call below; a deeper colour is more throughput. </p>\n<p class=\"soft\">{Encode($"{report.Machine.Processor}, {report.Machine.Processors} processors, {report.Machine.Memory} of memory, {report.Machine.System}, {report.Machine.Runtime}")}</p>\n<p class=\"soft\">To run it again:</p><pre>{string.Join(' ', command.Split(' ').Select(static w => $"<span class=\"word\">{Encode(w)}</span>"))}</pre>\n</main></body></html>\n").ToString();
    }

    private static string Cell(SweepReport report, SweepCell? cell)
    {
        if (cell?.Failure is not null || cell is null)
        {
            return $"<td style=\"--share:0\" title=\"{Encode(cell?.Failure ?? "not measured")}\">-</td>";
        }

        var share = cell.RowsPerSecond / report.BestThroughput!.RowsPerSecond;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<td{(cell == report.BestThroughput || cell == report.BestLatency ? " class=\"best\"" : "")} style=\"--share:{share * 0.7:0.###}\">{Rows(cell)}<small>{cell.Latency}</small></td>");
    }

    /// <summary>An option and its value stay on one line.</summary>
    private static string Setting(SweepCell cell) => Encode(cell.Setting).Replace("-", "\u2011", StringComparison.Ordinal).Replace("size ", "size\u00A0", StringComparison.Ordinal).Replace("threads ", "threads\u00A0", StringComparison.Ordinal);

    private static string Rows(SweepCell cell) => string.Create(CultureInfo.InvariantCulture, $"{cell.RowsPerSecond:N0} rows/s");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
