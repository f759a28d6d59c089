using System.Runtime.InteropServices;

namespace TfRunner.Installation.Tests;

/// <summary>What <c>tfrunner native install</c> says when it cannot: what was tried, what to do, and nothing is half installed.</summary>
public sealed class NativeInstallFailureTests : IDisposable
{
    private readonly EmptyHome user = new();

    [Fact]
    public async Task A_feed_that_lacks_the_package_is_named()
    {
        user.Feed();
        var (exitCode, _, errors) = await user.Tfrunner("native", "install");
        Assert.Equal(6, exitCode);
        Assert.Contains("dotnet restore of SciSharp.TensorFlow.Redist failed: NU1101", errors, StringComparison.Ordinal);
        Assert.Contains("a-local-feed", errors, StringComparison.Ordinal);
        Assert.Contains("hint: 'dotnet nuget list source' shows the sources", errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Fact]
    public async Task A_feed_that_lacks_a_fragment_is_told()
    {
        EmptyHome.NeedsLibrary();
        RealPackages.GpuRedist(user.Feed(), lost: 3);
        var (exitCode, _, errors) = await user.Tfrunner("native", "install", "--gpu");
        Assert.Equal(6, exitCode);
        Assert.Contains("lacks libtensorflow.so.fragment3", errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Fact]
    public async Task A_feed_that_cannot_be_reached_is_told()
    {
        // A port of this machine on which nothing listens stands for a network that is down.
        user.Feed("http://127.0.0.1:9/index.json");
        var (exitCode, _, errors) = await user.Tfrunner("native", "install", "--version", RealPackages.Version);
        Assert.Equal(6, exitCode);
        Assert.Contains("dotnet restore of SciSharp.TensorFlow.Redist 2.21.0 failed: NU1301", errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Fact]
    public async Task A_pip_that_finds_no_wheel_is_told_with_what_was_tried()
    {
        await user.NeedsPip();
        var (exitCode, _, errors) = await user.Tfrunner("native", "install", "--from", "pip");
        Assert.Equal(6, exitCode);
        Assert.Contains("tensorflow-cpu: No matching distribution found", errors, StringComparison.Ordinal);
        Assert.Contains("tensorflow for Python 3.12: ", errors, StringComparison.Ordinal);
        Assert.Contains("hint: 'pip config list' shows the index", errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Theory]
    [InlineData("nuget", "there is no 'dotnet' on PATH")]
    [InlineData("pip", "there is no Python with pip on PATH")]
    public async Task A_client_that_is_missing_is_told(string source, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows looks for programs in more places than PATH");
        var (exitCode, _, errors) = await CommandProcess.Run(WithPath(source, user.Folder));
        Assert.Equal(6, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Contains("hint: install ", errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Theory]
    [InlineData("nuget", "dotnet", "No .NET SDKs were found.", "'dotnet' has no SDK, only a runtime")]
    [InlineData("nuget", "dotnet", "No space left on device : '/x'", "is full; nothing was installed")]
    [InlineData("pip", "python3", "python3: No module named pip", "there is no Python with pip on PATH")]
    [InlineData("pip", "python3", "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "is full; nothing was installed")]
    public async Task A_client_that_cannot_work_is_told(string source, string client, string says, string told)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the client's stand-in is a shell script");
        var folder = Directory.CreateDirectory(Path.Combine(user.Folder, "bin")).FullName;
        var script = Path.Combine(folder, client);
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho \"{says}\"\nexit 1\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var (exitCode, _, errors) = await CommandProcess.Run(WithPath(source, folder));
        Assert.Equal(6, exitCode);
        Assert.Contains(told, errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Fact]
    public async Task What_is_no_TensorFlow_is_refused_by_its_trial()
    {
        EmptyHome.NeedsLinux();
        var package = Directory.CreateDirectory(Path.Combine(user.Folder, "other", "lib")).FullName;
        File.Copy(RuntimeEnvironment.GetRuntimeDirectory() + "libSystem.Native.so", Path.Combine(package, "libtensorflow.so.2"));
        var (exitCode, _, errors) = await user.Tfrunner("native", "install", "--from", Path.GetDirectoryName(package)!);
        Assert.Equal(6, exitCode);
        Assert.Contains("it has no TF_Version", errors, StringComparison.Ordinal);
        user.AssertNothingInstalled();
    }

    [Theory]
    [InlineData("tarball")]
    [InlineData("nuget")]
    [InlineData("pip")]
    public async Task A_full_disk_is_told_and_left_as_it_was(string source)
    {
        EmptyHome.NeedsLinux();
        var command = CommandProcess.Start(user.Folder, user.Variables(), "native", "install", "--from", await Large(source));

        // A file system of 60 MB that only this process sees.
        const string Script = "mount -t tmpfs -o size=60m small \"$HOME\" && \"$@\"; code=$?; find \"$HOME\" -type f -size +0 >&2; exit $code";
        var start = CommandProcess.Program("unshare", user.Folder, user.Variables(), ["-rm", "sh", "-c", Script, "sh", command.FileName, .. command.ArgumentList]);
        var probe = await CommandProcess.Run(CommandProcess.Program("unshare", user.Folder, user.Variables(), ["-rm", "mount", "-t", "tmpfs", "small", user.Home]));
        Assert.SkipUnless(probe.ExitCode == 0, "this machine lets nobody mount a small file system: " + probe.Errors.Trim());
        var (exitCode, _, errors) = await CommandProcess.Run(start);
        Assert.True(exitCode == 6, errors);
        Assert.Contains("is full; nothing was installed", errors, StringComparison.Ordinal);
        Assert.Contains("hint: free some space", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("/partial/", string.Join('\n', errors.Split('\n').Skip(2)), StringComparison.Ordinal);
    }

    public void Dispose() => user.Dispose();

    /// <summary>Starts the command by its own program with one folder as PATH: run by 'dotnet', it would find 'dotnet' beside itself.</summary>
    private System.Diagnostics.ProcessStartInfo WithPath(string source, string path)
    {
        var start = CommandProcess.Start(user.Folder, user.Variables(), "native", "install", "--from", source);
        start.FileName = Path.ChangeExtension(start.ArgumentList[0], null);
        start.ArgumentList.RemoveAt(0);
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["PATH"] = path;
        start.Environment["DOTNET_HOST_PATH"] = null;
        return start;
    }

    private async Task<string> Large(string source)
    {
        var large = RealPackages.StandIn(user.Folder, 100_000_000);
        switch (source)
        {
            case "tarball":
                return RealPackages.Tarball(user.Folder, large);
            case "nuget":
                RealPackages.Redist(user.Feed(), large);
                return source;
            default:
                await user.NeedsPip();
                RealPackages.Wheel(user.Wheels, large);
                return source;
        }
    }
}
