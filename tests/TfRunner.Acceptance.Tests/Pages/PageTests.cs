using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests.Pages;

/// <summary>
/// Every page that a command writes opens in a browser without errors and without requests, at the width of a desk and of a
/// telephone, with nothing cut off and no label over another. TFRUNNER_PAGES names a folder that keeps the pictures.
/// </summary>
public sealed class PageTests : IDisposable
{
    /// <summary>
    /// What reads badly: a page wider than its window; anything visible that reaches out of it, save what scrolls; texts of a
    /// picture that lie over each other or outside of it; pictures and tables with nothing in them.
    /// </summary>
    private const string Look = """
        (() => {
          const faults = [];
          const say = (what, node) => faults.push(`${what}: ${(node.textContent || node.tagName).slice(0, 60)}`);
          const scrolls = node => { for (let n = node; n && n !== document.body; n = n.parentElement) if (getComputedStyle(n).overflowX === "auto") return true; return false; };
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth > wide) faults.push(`the page is ${document.documentElement.scrollWidth} wide in a window of ${wide}`);
          document.querySelectorAll("body *").forEach(node => {
            const box = node.getBoundingClientRect();
            if (box.width > 0 && box.height > 0 && (box.right > wide + 1 || box.left < -1) && !scrolls(node)) say("out of the window", node);
          });
          document.querySelectorAll("svg").forEach(svg => {
            const frame = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll("text")].map(t => ({ node: t, box: t.getBoundingClientRect() }));
            if (svg.querySelectorAll("path, rect, line, circle, polyline").length < 1) say("an empty picture", svg);
            texts.forEach(({ node, box }, i) => {
              if (box.left < frame.left - 2 || box.right > frame.right + 2 || box.bottom > frame.bottom + 2) say("out of the picture", node);
              texts.slice(i + 1).forEach(other => {
                const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
                const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
                if (across > 1 && down > 2) faults.push(`texts over each other: ${node.textContent} and ${other.node.textContent}`);
              });
            });
          });
          document.querySelectorAll("td").forEach(cell => { if (/NaN|undefined|null/.test(cell.textContent)) say("no figure", cell); });
          if (document.querySelectorAll("td").length === 0) faults.push("no table");
          return faults;
        })()
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-pages-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public Task Of_diff() =>
        IsGood("diff", "diff", Digits, "--modes", "onnx", "--max-time", "8s", "--cold-calls", "1", "--html");

    [Fact]
    public Task Of_diff_at_several_batch_sizes_with_modes_that_cannot_run() =>
        IsGood("diff-batches", "diff", RecordedModel.Find("py_function").SavedModelDirectory, "--batch-size", "1,32", "--max-time", "12s", "--cold-calls", "0", "--html");

    [Fact]
    public Task Of_diff_where_nothing_had_time() =>
        IsGood("diff-nothing", "diff", Digits, "--modes", "onnx", "--max-time", "1ms", "--cold-calls", "0", "--html");

    [Fact]
    public Task Of_sweep() =>
        IsGood("sweep", "sweep", Digits, "--modes", "onnx:compiled,onnx:graph", "--batch-size", "1,16", "--threads", "1,2", "--max-time", "2s", "--html");

    [Fact]
    public Task Of_predict_s_report() =>
        IsGood(
            "predict",
            "predict", Digits, "--engine", "onnx", "--input", Path.Combine(Digits, "inputs.npz"), "--batch-size", "16", "--output", Path.Combine(folder, "out.npz"), "--report");

    private static string Digits => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");

    private async Task IsGood(string name, params string[] command)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        Assert.SkipWhen(Browser.Program is null, "there is no Chromium on the path");
        var token = TestContext.Current.CancellationToken;
        var page = Path.Combine(folder, name + ".html");
        var run = await CommandProcess.Run([.. command, page]);
        Assert.True(run.ExitCode == 0, run.Errors);
        await using var browser = await Browser.Start(Browser.Program!, token);
        foreach (var width in new[] { 1280, 400 })
        {
            var visit = await browser.Visit(page, width, Look, token);
            if (Environment.GetEnvironmentVariable("TFRUNNER_PAGES") is { Length: > 0 } kept)
            {
                await File.WriteAllBytesAsync(Path.Combine(kept, FormattableString.Invariant($"{name}-{width}.png")), visit.Picture, token);
            }

            Assert.Empty(visit.Complaints);
            Assert.Equal([new Uri(page).AbsoluteUri], visit.Requests.Where(static r => !r.StartsWith("data:", StringComparison.Ordinal)));
            Assert.Equal([], visit.Seen!.Deserialize<string[]>()!);
        }
    }
}
