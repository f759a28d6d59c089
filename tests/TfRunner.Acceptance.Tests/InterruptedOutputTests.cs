using System.Diagnostics;
using System.Globalization;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>What is left of an output that could not be finished.</summary>
public sealed class InterruptedOutputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-acceptance-").FullName;

    public static bool IsLinux => OperatingSystem.IsLinux();

    public static bool MayMount => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    public static bool HasFullDevice => File.Exists("/dev/full");

    private static string Digits => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory(Skip = "signals are sent with Linux's tools", SkipUnless = nameof(IsLinux), Timeout = 120_000)]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_ends_it_with_130_and_no_half_file(string signal)
    {
        var token = TestContext.Current.CancellationToken;
        var start = CommandProcess.Start("predict", Digits, "--engine", "onnx", "--input", "-", "--format", "jsonl", "--batch-size", "1", "--output", Path.Combine(folder, "out.jsonl"));
        // A shell's background jobs, as in CI, are born with SIGINT ignored, and so are their children.
        start = new ProcessStartInfo("env", ["--default-signal=" + signal, start.FileName, .. start.ArgumentList])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(token);
        var output = process.StandardOutput.ReadToEndAsync(token);
        var image = "[" + string.Join(',', Enumerable.Repeat("[" + string.Join(',', Enumerable.Repeat("[0.5]", 8)) + "]", 8)) + "]";
        for (var row = 0; row < 20; row++)
        {
            await process.StandardInput.WriteLineAsync(("{\"image\":" + image + "}").AsMemory(), token);
        }

        await process.StandardInput.FlushAsync(token);
        while (Directory.GetFiles(folder).Length == 0)
        {
            Assert.False(process.HasExited, "it ended before it wrote");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
        }

        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(token);
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("cancelled", await errors, StringComparison.Ordinal);
        Assert.Empty(await output);
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact(Skip = "there is no /dev/full", SkipUnless = nameof(HasFullDevice))]
    public async Task A_full_disk_behind_standard_output_is_said_in_one_line()
    {
        var start = CommandProcess.Start("predict", Digits, "--engine", "onnx", "--input", Path.Combine(Digits, "inputs.npz"), "--output", "-");
        var shell = new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" > /dev/full", start.FileName, .. start.ArgumentList]) { RedirectStandardError = true };
        using var process = Process.Start(shell)!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(4, process.ExitCode);
        Assert.Contains("error: the disk is full while writing standard output", errors, StringComparison.Ordinal);
        Assert.Contains("hint: ", errors, StringComparison.Ordinal);
    }

    [Theory(Skip = "only root on Linux may mount a small disk", SkipUnless = nameof(MayMount))]
    [InlineData(".npz")]
    [InlineData(".csv")]
    [InlineData(".jsonl")]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".tfrecord")]
    public async Task A_full_disk_is_said_in_one_line_and_nothing_is_left_on_it(string extension)
    {
        var disk = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
        Assert.SkipUnless(await Shell("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk) == 0, "a file system cannot be mounted here");
        try
        {
            var run = await CommandProcess.Run(
                "predict", Digits, "--engine", "onnx", "--input", Path.Combine(Digits, "inputs.npz"), "--output", Path.Combine(disk, "out" + extension));
            Assert.Equal(4, run.ExitCode);
            Assert.Contains("error: the disk is full while writing " + disk, run.Errors, StringComparison.Ordinal);
            Assert.Contains("hint: ", run.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            await Shell("umount", disk);
        }
    }

    private static async Task<int> Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
