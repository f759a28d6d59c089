using System.Diagnostics;
using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary><c>tfrunner native install</c> from an empty home, with packages made from the real library.</summary>
public sealed class NativeInstallTests : IDisposable
{
    private readonly EmptyHome user = new();

    [Theory]
    [InlineData("nupkg")]
    [InlineData("whl")]
    [InlineData("tarball")]
    [InlineData("zip")]
    [InlineData("folder")]
    [InlineData("nuget")]
    [InlineData("pip")]
    public async Task From_an_empty_home_the_library_is_installed_and_predicts(string source)
    {
        EmptyHome.NeedsLibrary();
        var installed = await user.Tfrunner("native", "install", "--from", await Package(source), "--version", RealPackages.Version);
        Assert.True(installed.ExitCode == 0, installed.Errors);
        Assert.Contains("TensorFlow 2.21.0 is installed", installed.Output, StringComparison.Ordinal);
        Assert.Equal(string.Empty, installed.Errors);

        using var list = JsonDocument.Parse((await user.Tfrunner("native", "list", "--json")).Output);
        var version = Assert.Single(list.RootElement.GetProperty("versions").EnumerateArray());
        Assert.Null(version.GetProperty("damage").GetString());
        Assert.True(version.GetProperty("in_use").GetBoolean());
        await AssertPredicts();
    }

    [Fact]
    public async Task The_Redist_for_GPUs_is_put_together_from_its_fragments()
    {
        EmptyHome.NeedsLibrary();
        RealPackages.GpuRedist(user.Feed());
        var installed = await user.Tfrunner("native", "install", "--gpu");
        Assert.True(installed.ExitCode == 0, installed.Errors);
        Assert.Contains("TensorFlow 2.21.0-gpu is installed", installed.Output, StringComparison.Ordinal);
        await AssertPredicts();
    }

    [Fact]
    public async Task What_stands_in_a_fallback_folder_is_fetched_all_the_same()
    {
        EmptyHome.NeedsLibrary();
        var fallback = Path.Combine(user.Folder, "fallback");
        var feed = user.Feed(more: $"<fallbackPackageFolders><add key=\"shared\" value=\"{fallback}\" /></fallbackPackageFolders>");
        RealPackages.Redist(feed);
        var id = Directory.CreateDirectory(Path.Combine(fallback, "scisharp.tensorflow.redist", RealPackages.Version)).FullName;
        await File.WriteAllTextAsync(Path.Combine(id, ".nupkg.metadata"), """{"version": 2, "contentHash": "", "source": ""}""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(id, "scisharp.tensorflow.redist.nuspec"),
            $"<package><metadata><id>SciSharp.TensorFlow.Redist</id><version>{RealPackages.Version}</version><authors>a</authors><description>d</description></metadata></package>",
            TestContext.Current.CancellationToken);
        var installed = await user.Tfrunner("native", "install");
        Assert.True(installed.ExitCode == 0, installed.Errors);
    }

    [Fact]
    public async Task Killed_on_the_way_it_is_installed_whole_or_not_at_all()
    {
        EmptyHome.NeedsLibrary();
        var package = RealPackages.Unpacked(user.Folder);
        var outcomes = new List<bool>();
        foreach (var milliseconds in new[] { 400, 900, 1500, 2200, 3000 })
        {
            using (var process = Process.Start(CommandProcess.Start(user.Folder, user.Variables(), "native", "install", "--from", package))!)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);
                process.Kill();
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var list = await user.Tfrunner("native", "list", "--json");
            Assert.True(list.ExitCode == 0, list.Output);
            using var versions = JsonDocument.Parse(list.Output);
            outcomes.Add(versions.RootElement.GetProperty("versions").GetArrayLength() == 1);
        }

        Assert.Contains(false, outcomes);
        Assert.Equal(0, (await user.Tfrunner("native", "install", "--from", package)).ExitCode);
        user.AssertNothingUnderWay();
    }

    [Fact]
    public async Task It_says_when_the_variable_goes_before_what_was_installed()
    {
        EmptyHome.NeedsLibrary();
        var variables = user.Variables();
        variables["TFRUNNER_TENSORFLOW"] = SharedFolder.NativeLibraryDirectory;
        var (exitCode, _, errors) = await CommandProcess.Run(
            CommandProcess.Start(user.Folder, variables, "native", "install", "--from", RealPackages.Unpacked(user.Folder)));
        Assert.Equal(0, exitCode);
        Assert.StartsWith("note: TFRUNNER_TENSORFLOW names " + SharedFolder.NativeLibraryDirectory, errors, StringComparison.Ordinal);
    }

    public void Dispose() => user.Dispose();

    /// <summary>What a user does next: looks whether the engine works, and predicts with it.</summary>
    private async Task AssertPredicts()
    {
        using var doctor = JsonDocument.Parse((await user.Tfrunner("doctor", "--json")).Output);
        var engine = doctor.RootElement.GetProperty("engines").EnumerateArray().First();
        Assert.StartsWith(user.Store, engine.GetProperty("location").GetString(), StringComparison.Ordinal);

        var model = Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");
        var predicted = await user.Tfrunner("predict", model, "--input", Path.Combine(model, "inputs.npz"), "--engine", "tensorflow", "--limit", "2");
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        Assert.Contains("tensorflow:graph", predicted.Errors, StringComparison.Ordinal);
        user.AssertNothingUnderWay();
    }

    private async Task<string> Package(string source)
    {
        switch (source)
        {
            case "nupkg":
                return RealPackages.Redist(user.Folder);
            case "whl":
                return RealPackages.Wheel(user.Folder);
            case "tarball":
                return RealPackages.Tarball(user.Folder);
            case "zip":
                return RealPackages.Zip(user.Folder);
            case "folder":
                return RealPackages.Unpacked(user.Folder);
            case "nuget":
                RealPackages.Redist(user.Feed());
                return source;
            default:
                await user.NeedsPip();
                RealPackages.Wheel(user.Wheels);
                return source;
        }
    }
}
