using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary><c>tfrunner native</c> from an empty home, with packages made from the real library.</summary>
public sealed class NativeInstallTests : IDisposable
{
    private const string WrongMachine = "the recorded library is one for Linux on x64";
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-native-").FullName;

    private string Home => Path.Combine(folder, "home");

    private string Store => Path.Combine(Home, ".local", "share", "tfrunner", "tensorflow");

    [Theory]
    [InlineData("nupkg")]
    [InlineData("whl")]
    [InlineData("tarball")]
    [InlineData("folder")]
    [InlineData("nuget")]
    [InlineData("pip")]
    public async Task From_an_empty_home_the_library_is_installed_and_predicts(string source)
    {
        NeedsLibrary();
        var installed = await Tfrunner("native", "install", "--from", Package(source), "--version", RealPackages.Version);
        Assert.True(installed.ExitCode == 0, installed.Errors);
        Assert.Contains("TensorFlow 2.21.0 is installed", installed.Output, StringComparison.Ordinal);
        Assert.Equal(string.Empty, installed.Errors);

        using var list = JsonDocument.Parse((await Tfrunner("native", "list", "--json")).Output);
        var version = Assert.Single(list.RootElement.GetProperty("versions").EnumerateArray());
        Assert.Null(version.GetProperty("damage").GetString());
        Assert.True(version.GetProperty("in_use").GetBoolean());

        using var doctor = JsonDocument.Parse((await Tfrunner("doctor", "--json")).Output);
        var engine = doctor.RootElement.GetProperty("engines").EnumerateArray().First();
        Assert.StartsWith(Store, engine.GetProperty("location").GetString(), StringComparison.Ordinal);

        var model = Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");
        var predicted = await Tfrunner("predict", model, "--input", Path.Combine(model, "inputs.npz"), "--engine", "tensorflow", "--limit", "2");
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        Assert.Contains("tensorflow:graph", predicted.Errors, StringComparison.Ordinal);
        AssertNothingUnderWay();
    }

    [Fact]
    public async Task Killed_on_the_way_it_is_installed_whole_or_not_at_all()
    {
        NeedsLibrary();
        var package = RealPackages.Unpacked(folder);
        var outcomes = new List<bool>();
        foreach (var milliseconds in new[] { 400, 900, 1500, 2200, 3000 })
        {
            using (var process = Process.Start(CommandProcess.Start(folder, Variables(), "native", "install", "--from", package))!)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var list = await Tfrunner("native", "list", "--json");
            Assert.True(list.ExitCode == 0, list.Output);
            using var versions = JsonDocument.Parse(list.Output);
            outcomes.Add(versions.RootElement.GetProperty("versions").GetArrayLength() == 1);
        }

        Assert.Contains(false, outcomes);
        Assert.Equal(0, (await Tfrunner("native", "install", "--from", package)).ExitCode);
        AssertNothingUnderWay();
    }

    [Fact]
    public async Task A_feed_that_lacks_the_package_is_named()
    {
        Feed();
        var (exitCode, _, errors) = await Tfrunner("native", "install");
        Assert.Equal(6, exitCode);
        Assert.Contains("dotnet restore of SciSharp.TensorFlow.Redist failed: NU1101", errors, StringComparison.Ordinal);
        Assert.Contains("a-local-feed", errors, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public async Task A_feed_that_cannot_be_reached_is_told()
    {
        // A port of this machine on which nothing listens stands for a network that is down.
        Feed("http://127.0.0.1:9/index.json");
        var (exitCode, _, errors) = await Tfrunner("native", "install", "--version", RealPackages.Version);
        Assert.Equal(6, exitCode);
        Assert.Contains("dotnet restore of SciSharp.TensorFlow.Redist 2.21.0 failed: NU1301", errors, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public async Task A_pip_that_finds_no_wheel_is_told_with_what_was_tried()
    {
        await NeedsPip();
        var (exitCode, _, errors) = await Tfrunner("native", "install", "--from", "pip");
        Assert.Equal(6, exitCode);
        Assert.Contains("tensorflow-cpu: No matching distribution found", errors, StringComparison.Ordinal);
        Assert.Contains("tensorflow for Python 3.12: ", errors, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Theory]
    [InlineData("nuget", "there is no 'dotnet' on PATH")]
    [InlineData("pip", "there is no Python with pip on PATH")]
    public async Task A_client_that_is_missing_is_told(string source, string message)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows looks for programs in more places than PATH");
        var start = CommandProcess.Start(folder, Variables(), "native", "install", "--from", source);

        // By its own program: where 'dotnet' runs a command, the command finds 'dotnet' beside the program that runs it.
        start.FileName = Path.ChangeExtension(start.ArgumentList[0], null);
        start.ArgumentList.RemoveAt(0);
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["PATH"] = folder;
        start.Environment["DOTNET_HOST_PATH"] = null;
        var (exitCode, _, errors) = await CommandProcess.Run(start);
        Assert.Equal(6, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public async Task What_is_no_TensorFlow_is_refused_by_its_trial()
    {
        NeedsLinux();
        var package = Directory.CreateDirectory(Path.Combine(folder, "other", "lib")).FullName;
        var other = RuntimeEnvironment.GetRuntimeDirectory() + "libSystem.Native.so";
        File.Copy(other, Path.Combine(package, "libtensorflow.so.2"));
        var (exitCode, _, errors) = await Tfrunner("native", "install", "--from", Path.GetDirectoryName(package)!);
        Assert.Equal(6, exitCode);
        Assert.Contains("it has no TF_Version", errors, StringComparison.Ordinal);
        AssertNothingInstalled();
    }

    [Fact]
    public async Task A_full_disk_is_told_and_left_as_it_was()
    {
        NeedsLibrary();
        var tarball = RealPackages.Tarball(folder);
        Directory.CreateDirectory(Home);
        var command = CommandProcess.Start(folder, Variables(), "native", "install", "--from", tarball);

        // A file system of 200 MB that only this process sees.
        const string Script = "mount -t tmpfs -o size=200m small \"$HOME\" && \"$@\"; code=$?; find \"$HOME\" -type f -size +0 >&2; exit $code";
        var start = CommandProcess.Program("unshare", folder, Variables(), ["-rm", "sh", "-c", Script, "sh", command.FileName, .. command.ArgumentList]);
        var probe = await CommandProcess.Run(CommandProcess.Program("unshare", folder, Variables(), ["-rm", "mount", "-t", "tmpfs", "small", Home]));
        Assert.SkipUnless(probe.ExitCode == 0, "this machine lets nobody mount a small file system: " + probe.Errors.Trim());
        var (exitCode, _, errors) = await CommandProcess.Run(start);
        Assert.Equal(6, exitCode);
        Assert.Contains("is full; nothing was installed", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("/partial/", string.Join('\n', errors.Split('\n').Skip(2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_can_be_chosen_and_removed()
    {
        NeedsLibrary();
        var package = RealPackages.Unpacked(folder);
        Assert.Equal(0, (await Tfrunner("native", "install", "--from", package)).ExitCode);
        Assert.Equal(0, (await Tfrunner("native", "install", "--from", package, "--gpu")).ExitCode);
        Assert.Contains("TensorFlow 2.21.0 is in use", (await Tfrunner("native", "use", "2.21.0")).Output, StringComparison.Ordinal);
        Assert.Contains("2.21.0-gpu is in use", (await Tfrunner("native", "remove", "2.21.0")).Output, StringComparison.Ordinal);
        var (exitCode, _, errors) = await Tfrunner("native", "use", "2.21.0");
        Assert.Equal(6, exitCode);
        Assert.Contains("hint: installed are 2.21.0-gpu", errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void NeedsLinux() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, WrongMachine);

    private static void NeedsLibrary()
    {
        NeedsLinux();
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
    }

    private async Task NeedsPip()
    {
        try
        {
            var (exitCode, _, errors) = await CommandProcess.Run(CommandProcess.Program("python3", folder, Variables(), "-m", "pip", "--version"));
            Assert.SkipUnless(exitCode == 0, "this machine has no pip: " + errors.Trim());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("this machine has no Python");
        }
    }

    private string Package(string source)
    {
        switch (source)
        {
            case "nupkg":
                return RealPackages.Redist(folder);
            case "whl":
                return RealPackages.Wheel(folder);
            case "tarball":
                return RealPackages.Tarball(folder);
            case "folder":
                return RealPackages.Unpacked(folder);
            case "nuget":
                RealPackages.Redist(Feed());
                return source;
            default:
                NeedsPip().GetAwaiter().GetResult();
                RealPackages.Wheel(Wheels());
                return source;
        }
    }

    /// <summary>Makes the folder that is the only source of packages, set up in a nuget.config where the command runs.</summary>
    private string Feed(string? source = null)
    {
        var feed = Directory.CreateDirectory(Path.Combine(folder, "feed")).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="a-local-feed" value="{source ?? feed}" allowInsecureConnections="true" />
              </packageSources>
            </configuration>
            """);
        return feed;
    }

    private string Wheels() => Directory.CreateDirectory(Path.Combine(folder, "wheels")).FullName;

    /// <summary>An empty home, no library named, and a pip that looks into one folder only.</summary>
    private Dictionary<string, string?> Variables() => new()
    {
        ["HOME"] = Home,
        ["USERPROFILE"] = Home,
        ["LOCALAPPDATA"] = Path.Combine(Home, ".local", "share"),
        ["XDG_DATA_HOME"] = null,
        ["TFRUNNER_TENSORFLOW"] = null,
        ["NUGET_PACKAGES"] = null,
        ["PIP_NO_INDEX"] = "1",
        ["PIP_FIND_LINKS"] = Wheels(),
        ["PIP_NO_CACHE_DIR"] = "1",
    };

    private Task<(int ExitCode, string Output, string Errors)> Tfrunner(params string[] arguments)
    {
        Directory.CreateDirectory(Home);
        return CommandProcess.Run(CommandProcess.Start(folder, Variables(), arguments));
    }

    private void AssertNothingUnderWay() => Assert.False(Directory.Exists(Path.Combine(Store, "partial")));

    private void AssertNothingInstalled()
    {
        AssertNothingUnderWay();
        Assert.False(Directory.Exists(Path.Combine(Store, "versions")));
    }
}
