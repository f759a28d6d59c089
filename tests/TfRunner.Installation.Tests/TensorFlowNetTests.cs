using TfRunner.RecordedCases;

namespace TfRunner.Installation.Tests;

/// <summary>The adapter for TensorFlow.NET, where a feed has its package.</summary>
public sealed class TensorFlowNetTests
{
    private const string Variable = "TFRUNNER_TENSORFLOWNET_FEED";

    [Fact]
    public async Task The_adapter_builds_against_the_named_feed_and_all_models_agree_through_it()
    {
        var feed = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(
            string.IsNullOrEmpty(feed), $"needs a feed with TensorFlow.NET 0.150: name it with {Variable}, or run scripts/check-tensorflow-net FEED");
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "the script needs a Unix shell");
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);

        var (exitCode, output, errors) = await CommandProcess.Run(CommandProcess.Program(
            Path.Combine(SharedFolder.RepositoryRoot, "scripts", "check-tensorflow-net"), SharedFolder.RepositoryRoot, new Dictionary<string, string?>()));

        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("failed: 0", output, StringComparison.Ordinal);
    }
}
