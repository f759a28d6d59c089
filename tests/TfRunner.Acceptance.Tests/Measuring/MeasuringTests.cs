using System.Diagnostics;
using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests.Measuring;

/// <summary>The measuring commands as a user runs them, on models small enough for short runs.</summary>
public sealed class MeasuringTests : IDisposable
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-measuring-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("affine")]
    [InlineData("multi_io")]
    [InlineData("text_classifier")]
    [InlineData("py_function")]
    public async Task Diff_gives_a_row_per_mode_with_figures_or_a_reason(string model)
    {
        var (exitCode, output, _) = await Run("diff", Model(model), "--max-time", "3s", "--cold-calls", "1", "--json");
        Assert.Equal(0, exitCode);
        using var report = JsonDocument.Parse(output);
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(7, rows.Count);
        Assert.All(rows, static row => Assert.True(row.TryGetProperty("summary", out _) || row.GetProperty("reason").GetString()!.Length > 0));
        Assert.All(
            rows.Where(static row => row.TryGetProperty("difference", out _)),
            static row => Assert.Null(row.GetProperty("difference").GetProperty("mismatch").GetString()));
    }

    [Fact]
    public async Task Diff_exits_with_7_when_outputs_differ_more_than_allowed()
    {
        var (exitCode, _, errors) = await Run("diff", Model("digits_cnn"), "--modes", "onnx:compiled,tensorflow:graph", "--max-time", "60s", "--precision", "50%", "--cold-calls", "0", "--check", "--bisect", "--rtol", "0", "--atol", "0");
        Assert.Equal(7, exitCode);
        Assert.Contains("onnx:compiled departs from tensorflow:graph", errors, StringComparison.Ordinal);

        // Which op is the first depends on the processor; that one is named does not.
        Assert.Matches("; first at [A-Z][A-Za-z0-9]+ '[^']+'", errors);
    }

    [Theory]
    [InlineData("100ms")]
    [InlineData("700ms")]
    [InlineData("2s")]
    public async Task Diff_leaves_what_does_not_fit_into_its_time_and_says_so(string time)
    {
        var (exitCode, output, _) = await Run("diff", Model("digits_cnn"), "--modes", "tensorflow", "--max-time", time, "--cold-calls", "0", "--json");
        Assert.Equal(0, exitCode);
        using var report = JsonDocument.Parse(output);
        Assert.All(
            report.RootElement.GetProperty("rows").EnumerateArray().Where(static row => !row.TryGetProperty("summary", out _)),
            static row => Assert.StartsWith("not measured: ", row.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diff_does_not_pass_what_it_had_no_time_to_compare()
    {
        var (exitCode, _, errors) = await Run("diff", Model("digits_cnn"), "--modes", "onnx:compiled,tensorflow:graph", "--max-time", "1ms", "--cold-calls", "0", "--check");
        Assert.Equal(7, exitCode);
        Assert.Contains("were not compared", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_exports_what_compare_reads()
    {
        var file = Path.Combine(folder, "a.json");
        var (exitCode, output, _) = await Run("bench", Model("affine"), "--engine", "onnx", "--concurrency", "1,2", "--max-time", "1s", "--export", file);
        Assert.Equal(0, exitCode);
        Assert.Contains("calls/s", output, StringComparison.Ordinal);
        var compared = await Run("compare", file, file, "--fail-if-slower", "5%");
        Assert.Equal(0, compared.ExitCode);
        // On a busy machine a second is too short for "indistinguishable"; but a file is neither slower nor faster than itself.
        Assert.Matches("indistinguishable|inconclusive", compared.Output);
        Assert.DoesNotMatch("slower|faster", compared.Output);
    }

    [Fact]
    public async Task Compare_exits_with_7_for_a_slower_row()
    {
        var (before, after) = (Written("before.json", 1000), Written("after.json", 1300));
        Assert.Equal(7, (await Run("compare", before, after, "--fail-if-slower", "5%")).ExitCode);
        Assert.Equal(0, (await Run("compare", after, before, "--fail-if-slower", "5%")).ExitCode);
    }

    [Fact]
    public async Task Compare_refuses_what_is_no_result()
    {
        var file = Path.Combine(folder, "other.json");
        await File.WriteAllTextAsync(file, "[1]", TestContext.Current.CancellationToken);
        var (exitCode, _, errors) = await Run("compare", file, file);
        Assert.Equal(4, exitCode);
        Assert.Contains("other.json", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_keeps_a_rate_and_says_so()
    {
        var (exitCode, output, _) = await Run("bench", Model("affine"), "--engine", "onnx", "--rate", "50", "--arrivals", "constant", "--max-time", "2s", "--export");
        Assert.Equal(0, exitCode);
        using var report = JsonDocument.Parse(output);

        // A machine that is busy with other tests may keep less, never more.
        Assert.InRange(report.RootElement.GetProperty("rows")[0].GetProperty("calls_per_second").GetDouble(), 10, 60);
    }

    [Fact]
    public async Task Sweep_measures_the_grid_and_names_the_best()
    {
        var page = Path.Combine(folder, "sweep.html");
        var (exitCode, output, _) = await Run("sweep", Model("digits_cnn"), "--modes", "onnx:compiled", "--batch-size", "1,4", "--threads", "1", "--max-time", "4s", "--html", page);
        Assert.Equal(0, exitCode);
        Assert.Contains("most throughput: onnx:compiled", output, StringComparison.Ordinal);
        Assert.Contains("</table>", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_writes_a_trace_whose_events_have_begin_and_length()
    {
        var trace = Path.Combine(folder, "trace.json");
        var (exitCode, output, _) = await Run("profile", Model("digits_cnn"), "--modes", "tensorflow:graph", "--trace", trace);
        Assert.Equal(0, exitCode);
        Assert.Contains("Conv2D", output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(trace, TestContext.Current.CancellationToken));
        var events = document.RootElement.GetProperty("traceEvents").EnumerateArray().Where(static e => e.GetProperty("ph").GetString() == "X").ToList();
        Assert.NotEmpty(events);
        Assert.All(events, static e => Assert.True(e.GetProperty("ts").GetDouble() >= 0 && e.GetProperty("dur").GetDouble() >= 0));
    }

    [Theory]
    [InlineData("--precision", "5")]
    [InlineData("--max-time", "30")]
    [InlineData("--batch-size", "0")]
    [InlineData("--modes", "onnx:turbo")]
    public async Task A_wrong_option_is_wrong_use(string option, string value)
    {
        var (exitCode, _, errors) = await Run("diff", Model("affine"), option, value);
        Assert.Equal(2, exitCode);
        Assert.Contains(value, errors, StringComparison.Ordinal);
    }

    private static string Model(string name)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        return RecordedModel.Find(name).SavedModelDirectory;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> Run(params string[] arguments)
    {
        var program = Path.Combine(SharedFolder.RepositoryRoot, "src", "TfRunner.Cli", "bin", Configuration, "net10.0", "TfRunner.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (SharedFolder.IsPresent)
        {
            start.Environment["TFRUNNER_TENSORFLOW"] = SharedFolder.NativeLibraryDirectory;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    private string Written(string name, int typical)
    {
        var path = Path.Combine(folder, name);
        var times = string.Join(',', Enumerable.Range(0, 300).Select(i => typical + (i * 7 % 11)));
        File.WriteAllText(path, $$"""{"schema":1,"rows":[{"name":"a","times_ns":[{{times}}]}]}""");
        return path;
    }
}
