using System.Runtime.InteropServices;
using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>The sample that references a Redist, published in each of the usual ways, finds the library among its own files.</summary>
public sealed class RedistTests(RedistFixture redist) : IClassFixture<RedistFixture>
{
    [Theory]
    [InlineData("framework-dependent", "{app}/runtimes/linux-x64/native/libtensorflow.so")]
    [InlineData("self-contained", "{app}/libtensorflow.so", "-r", "linux-x64", "--self-contained")]
    [InlineData("single-file", "{app}/libtensorflow.so", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true")]
    [InlineData("single-file with the library inside", "{unpacked}", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true")]
    public async Task A_program_with_a_Redist_predicts(string kind, string place, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "the recorded library is one for Linux on x64");
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var app = Path.Combine(redist.Folder, "app");
        var unpacked = Directory.CreateDirectory(Path.Combine(redist.Folder, "unpacked")).FullName;
        await Publish(app, options);

        // No other place may give it: an empty home, nothing named.
        var variables = new Dictionary<string, string?>
        {
            ["HOME"] = Directory.CreateDirectory(Path.Combine(redist.Folder, "home")).FullName,
            ["XDG_DATA_HOME"] = null,
            ["NUGET_PACKAGES"] = null,
            ["TFRUNNER_TENSORFLOW"] = null,
            ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = unpacked,
        };
        var model = Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");
        var (exitCode, output, errors) = await CommandProcess.Run(options.Length == 0
            ? CommandProcess.Program("dotnet", redist.Folder, variables, Path.Combine(app, "WithRedist.dll"), model)
            : CommandProcess.Program(Path.Combine(app, "WithRedist"), redist.Folder, variables, model));

        Assert.True(exitCode == 0, $"{kind}: {errors}");
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith(
            "TensorFlow 2.21.0 from " + place.Replace("{app}", app, StringComparison.Ordinal).Replace("{unpacked}", unpacked, StringComparison.Ordinal), lines[0], StringComparison.Ordinal);
        Assert.Equal("probabilities: float32 [397, 10]", lines[1]);
        Directory.Delete(app, recursive: true);
        Directory.Delete(unpacked, recursive: true);
    }

    private async Task Publish(string app, string[] options)
    {
        var (exitCode, output, errors) = await CommandProcess.Run(CommandProcess.Program(
            "dotnet",
            SharedFolder.RepositoryRoot,
            new Dictionary<string, string?> { ["UpdateLockFiles"] = "true" },
            [
                "publish", Path.Combine("samples", "WithRedist"), "-c", CommandProcess.Configuration, "-v", "quiet", "-nologo", "--tl:off", "-o", app,

                // Kept apart from the outputs of other builds, which have another runtime.
                "--artifacts-path", Path.Combine(redist.Folder, "artifacts"),
                "-p:RedistVersion=" + RealPackages.Version, "-p:RestoreFallbackFolders=" + redist.Packages, .. options,
            ]));
        Assert.SkipWhen(
            exitCode != 0 && output.Contains("Unable to find package Microsoft.", StringComparison.Ordinal), "the feeds of this machine lack the packages for self-contained programs: " + output.Trim());
        Assert.True(exitCode == 0, output + errors);
    }
}
