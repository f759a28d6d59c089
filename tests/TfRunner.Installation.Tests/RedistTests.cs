using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>The sample that references a Redist, run from its source or published in each of the usual ways, finds the library among its own files.</summary>
public sealed class RedistTests(RedistFixture redist) : IClassFixture<RedistFixture>
{
    [Theory]
    [InlineData("framework-dependent", "{app}/runtimes/linux-x64/native/libtensorflow.so")]
    [InlineData("self-contained", "{app}/libtensorflow.so", "-r", "linux-x64", "--self-contained")]
    [InlineData("single-file", "{app}/libtensorflow.so", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true")]
    [InlineData("single-file with the library inside", "{unpacked}", "-r", "linux-x64", "--self-contained", "-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true")]
    public async Task A_program_with_a_Redist_predicts(string kind, string place, params string[] options)
    {
        EmptyHome.NeedsLibrary();
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
        var (exitCode, output, errors) = await CommandProcess.Run(options.Length == 0
            ? CommandProcess.Program("dotnet", redist.Folder, variables, Path.Combine(app, "WithRedist.dll"), Digits)
            : CommandProcess.Program(Path.Combine(app, "WithRedist"), redist.Folder, variables, Digits));

        Assert.True(exitCode == 0, $"{kind}: {errors}");
        AssertPredicted(output, place.Replace("{app}", app, StringComparison.Ordinal).Replace("{unpacked}", unpacked, StringComparison.Ordinal));
        Directory.Delete(app, recursive: true);
        Directory.Delete(unpacked, recursive: true);
    }

    [Fact]
    public async Task It_predicts_with_dotnet_run()
    {
        EmptyHome.NeedsLibrary();
        var artifacts = Path.Combine(redist.Folder, "artifacts-run");

        // The build needs the home's packages; an installed library would be looked for in the data folder.
        var variables = new Dictionary<string, string?>
        {
            ["UpdateLockFiles"] = "true",
            ["XDG_DATA_HOME"] = Directory.CreateDirectory(Path.Combine(redist.Folder, "data")).FullName,
            ["TFRUNNER_TENSORFLOW"] = null,
        };
        var (exitCode, output, errors) = await CommandProcess.Run(CommandProcess.Program(
            "dotnet",
            SharedFolder.RepositoryRoot,
            variables,
            ["run", "--project", Path.Combine("samples", "WithRedist"), "-c", CommandProcess.Configuration, "-v", "quiet", "--artifacts-path", artifacts, .. redist.Properties, "--", Digits]));

        Assert.True(exitCode == 0, output + errors);
        AssertPredicted(output, Path.Combine(artifacts, "bin", "WithRedist"));
        Directory.Delete(artifacts, recursive: true);
    }

    private static string Digits => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");

    private static void AssertPredicted(string output, string place)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("TensorFlow 2.21.0 from " + place, lines[^2], StringComparison.Ordinal);
        Assert.Equal("probabilities: float32 [397, 10]", lines[^1]);
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
                .. redist.Properties, .. options,
            ]));
        Assert.SkipWhen(
            exitCode != 0 && output.Contains("Unable to find package Microsoft.", StringComparison.Ordinal), "the feeds of this machine lack the packages for self-contained programs: " + output.Trim());
        Assert.True(exitCode == 0, output + errors);
    }
}
