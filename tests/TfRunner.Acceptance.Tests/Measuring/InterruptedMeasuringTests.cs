using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests.Measuring;

/// <summary>Ctrl-C in a measuring command: what was measured until then is reported, marked as such, with exit code 130.</summary>
public class InterruptedMeasuringTests
{
    /// <summary>Long enough for any of the commands to have measured something.</summary>
    private static readonly TimeSpan Running = TimeSpan.FromSeconds(8);

    public static bool IsLinux => OperatingSystem.IsLinux();

    private static string Digits => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");

    [Fact(Skip = "signals are sent with Linux's tools", SkipUnless = nameof(IsLinux))]
    public async Task Diff_keeps_its_rows()
    {
        using var report = await Interrupt("diff", Digits, "--modes", "onnx", "--cold-calls", "0", "--precision", "0.01%", "--max-time", "100s", "--json");
        Assert.All(report.RootElement.GetProperty("rows").EnumerateArray(), static row => Assert.True(row.GetProperty("times_ns").GetArrayLength() > 0));
    }

    [Fact(Skip = "signals are sent with Linux's tools", SkipUnless = nameof(IsLinux))]
    public async Task Diff_between_processes_says_what_was_not_measured()
    {
        using var report = await Interrupt("diff", Digits, "--modes", "onnx,tensorflow", "--cold-calls", "20", "--max-time", "300s", "--json");
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Contains(rows, static row => row.GetProperty("cold").GetArrayLength() > 0);
        Assert.All(rows, static row => Assert.Contains("cancelled", row.GetProperty("reason").GetString(), StringComparison.Ordinal));
    }

    [Fact(Skip = "signals are sent with Linux's tools", SkipUnless = nameof(IsLinux))]
    public async Task Bench_keeps_its_calls()
    {
        using var report = await Interrupt("bench", Digits, "--engine", "onnx", "--precision", "0.001%", "--max-time", "100s", "--export");
        Assert.True(report.RootElement.GetProperty("rows")[0].GetProperty("times_ns").GetArrayLength() > 0);
    }

    [Fact(Skip = "signals are sent with Linux's tools", SkipUnless = nameof(IsLinux))]
    public async Task Sweep_keeps_its_cells()
    {
        using var report = await Interrupt("sweep", Digits, "--modes", "onnx:compiled", "--batch-size", string.Join(',', Enumerable.Range(1, 100)), "--threads", "1", "--max-time", "1s", "--json");
        var cells = report.RootElement.GetProperty("cells").EnumerateArray().ToList();
        Assert.All(cells, static cell => Assert.Null(cell.GetProperty("failure").GetString()));
    }

    [Fact(Skip = "signals are sent with Linux's tools", SkipUnless = nameof(IsLinux))]
    public async Task Profile_keeps_its_calls()
    {
        using var report = await Interrupt("profile", Digits, "--modes", "onnx:eager,onnx:graph,onnx:compiled", "--calls", "10000", "--batch-size", "512", "--json");
        Assert.True(report.RootElement.GetProperty("modes")[0].GetProperty("calls").GetInt32() > 0);
    }

    /// <summary>Runs a command in a process group of its own and interrupts the group, as a terminal does.</summary>
    private static async Task<JsonDocument> Interrupt(params string[] arguments)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var token = TestContext.Current.CancellationToken;
        var command = CommandProcess.Start(arguments);
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", command.FileName, .. command.ArgumentList]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TFRUNNER_TENSORFLOW"] = SharedFolder.NativeLibraryDirectory;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(token);
        var output = process.StandardOutput.ReadToEndAsync(token);
        await Task.Delay(Running, TimeProvider.System, token);
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", "--", "-" + process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(token);
        }

        var said = await errors;
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("error: cancelled: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("left at most", said, StringComparison.Ordinal);
        var report = JsonDocument.Parse(await output);
        Assert.True(report.RootElement.GetProperty("cancelled").GetBoolean());
        return report;
    }
}
