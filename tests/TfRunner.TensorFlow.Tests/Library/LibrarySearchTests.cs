using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Tests.Library;

public sealed class LibrarySearchTests
{
    private const string File = "/app/libtensorflow.so.2";

    [Theory]
    [InlineData("2.10.0")]
    [InlineData("2.16.0-rc1")]
    [InlineData("2.21.0")]
    [InlineData("3.0.0")]
    public void Versions_since_2_10_are_accepted(string version)
    {
        var result = Search(new DescribedLibraries(version));

        Assert.NotNull(result.Api);
        Assert.Equal((version, File), (result.Version, result.File));
    }

    [Theory]
    [InlineData("2.9.3")]
    [InlineData("1.15.5")]
    public void An_older_version_is_refused_with_its_number(string version)
    {
        var result = Search(new DescribedLibraries(version));

        Assert.Null(result.Api);
        Assert.Contains($"TensorFlow {version}; 2.10 or later is needed", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_required_symbol_is_named_with_the_version()
    {
        var result = Search(new DescribedLibraries("2.30.0", "TF_SessionRun"));

        Assert.Null(result.Api);
        Assert.Contains("TensorFlow 2.30.0 there lacks TF_SessionRun", result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TF_TensorMaybeMove", true)]
    [InlineData("TF_LoadLibrary", true)]
    [InlineData("TFE_OpSetCancellationManager", true)]
    [InlineData("TFE_NewContext", false)]
    public void A_missing_optional_symbol_turns_off_what_needs_it_and_nothing_else(string symbol, bool eagerWorks)
    {
        var result = Search(new DescribedLibraries("2.21.0", symbol));

        Assert.NotNull(result.Api);
        Assert.Equal([symbol], result.Api.Symbols.MissingOptional);
        Assert.Contains(result.Notes, n => n.StartsWith(symbol + " is missing: ", StringComparison.Ordinal));
        Assert.Equal(eagerWorks, Features.EagerProblem(result.Api) is null);
    }

    [Fact]
    public void A_symbol_may_be_in_the_framework_library()
    {
        var libraries = new DescribedLibraries("2.21.0");
        libraries.InFramework.Add("TF_NewTensor");
        var machine = new DescribedMachine(NativePlatform.Linux).With(File, "/app/libtensorflow_framework.so.2");

        Assert.NotNull(new LibrarySearch(machine, libraries).Run(null).Api);
    }

    [Fact]
    public void A_library_that_does_not_open_is_passed_over_and_its_reason_kept()
    {
        var libraries = new DescribedLibraries("2.21.0");
        libraries.Broken.Add(File, "wrong ELF class");
        var machine = new DescribedMachine(NativePlatform.Linux).With(File, "/usr/lib/libtensorflow.so.2");

        var result = new LibrarySearch(machine, libraries).Run(null);

        Assert.Equal("/usr/lib/libtensorflow.so.2", result.File);
        Assert.Contains($"application files: {File}: wrong ELF class", result.Notes);
    }

    [Fact]
    public void A_named_place_that_fails_is_not_replaced_by_another()
    {
        var machine = new DescribedMachine(NativePlatform.Linux).With(File);

        var result = new LibrarySearch(machine, new DescribedLibraries("2.21.0")).Run("/elsewhere");

        Assert.Null(result.Api);
        Assert.Equal("/elsewhere (from --tensorflow) does not exist", result.Problem);
    }

    [Fact]
    public void A_library_that_is_not_TensorFlow_is_said_to_be_none()
    {
        var result = Search(new DescribedLibraries("2.21.0", "TF_Version"));

        Assert.Contains("no TensorFlow library", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_place_that_was_tried_is_told()
    {
        var result = new LibrarySearch(new DescribedMachine(NativePlatform.Linux), new DescribedLibraries("2.21.0")).Run(null);

        Assert.Equal("TensorFlow's native library was not found", result.Problem);
        Assert.Contains("application files: /app does not exist", result.Notes);
        Assert.Contains("system library path: /usr/local/lib does not exist", result.Notes);
    }

    private static LibrarySearchResult Search(DescribedLibraries libraries) =>
        new LibrarySearch(new DescribedMachine(NativePlatform.Linux).With(File), libraries).Run(null);
}
