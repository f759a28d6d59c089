using System.Diagnostics;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>A sharded array job on a Slurm of its own, of which a node is killed.</summary>
public sealed class SlurmTests
{
    private const int Skipped = 77;

    public static bool IsRootOnLinux => OperatingSystem.IsLinux() && Environment.UserName == "root";

    [Fact(Skip = "several node daemons on one machine need Linux and root", SkipUnless = nameof(IsRootOnLinux), Timeout = 240_000)]
    public async Task An_array_job_that_loses_a_node_gives_a_single_runs_bytes()
    {
        var token = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Path.Combine(SharedFolder.RepositoryRoot, "scripts", "test-slurm"), [CommandWrapper()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(token);
        var output = await process.StandardOutput.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        Assert.SkipWhen(process.ExitCode == Skipped, output.Trim());
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("digits: 7940 rows of 6 parts", output, StringComparison.Ordinal);
    }

    /// <summary>The command as built for the tests, as one program that jobs can name.</summary>
    private static string CommandWrapper()
    {
        var start = CommandProcess.Start();
        var path = Path.Combine(AppContext.BaseDirectory, "tfrunner-for-slurm");
        File.WriteAllText(path, $"#!/bin/sh\nexec \"{start.FileName}\" \"{start.ArgumentList[0]}\" \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }
}
