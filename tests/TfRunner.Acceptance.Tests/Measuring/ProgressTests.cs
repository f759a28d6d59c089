using System.Diagnostics;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests.Measuring;

/// <summary>What a measuring command shows on a terminal while it works: what it does, and the time left.</summary>
public class ProgressTests
{
    private const string Script = "/usr/bin/script";

    public static bool HasScript => OperatingSystem.IsLinux() && File.Exists(Script);

    private static string Digits => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");

    [Theory(Skip = "needs script(1) for a terminal", SkipUnless = nameof(HasScript))]
    [InlineData("diff", "--modes", "onnx:compiled", "--max-time", "4s", "--cold-calls", "1")]
    [InlineData("bench", "--engine", "onnx", "--max-time", "2s", "--precision", "0.01%")]
    [InlineData("sweep", "--modes", "onnx:compiled", "--batch-size", "1,2", "--threads", "1", "--max-time", "1s")]
    [InlineData("profile", "--modes", "onnx:compiled", "--calls", "20")]
    public async Task On_a_terminal_the_time_left_is_shown_and_wiped_away(string command, params string[] arguments)
    {
        var shown = await OnTerminal([command, Digits, .. arguments]);
        var line = shown.Split('\r').Where(static part => part.Contains("s left", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(line);
        Assert.All(line, static part => Assert.True(part.TrimEnd().Length <= 79, part));

        // The line is overwritten with blanks before the result.
        Assert.Matches(@"s left[^\r]*\r +\r", shown);
    }

    private static async Task<string> OnTerminal(string[] arguments)
    {
        var token = TestContext.Current.CancellationToken;
        var command = CommandProcess.Start(arguments);
        var start = new ProcessStartInfo(Script, ["-qec", string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(static a => $"'{a}'")), "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var shown = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        Assert.True(process.ExitCode == 0, shown);
        return shown;
    }
}
