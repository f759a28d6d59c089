using TfRunner.Checkpoints;

namespace TfRunner.SavedModels.Tests.Checkpoints;

public sealed class CheckpointTests
{
    [Fact]
    public void A_missing_index_is_named()
    {
        var error = Assert.Throws<TfRunnerException>(() => Checkpoint.Open(Path.Combine(Path.GetTempPath(), "no-such-directory", "variables")));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("variables.index", error.Message, StringComparison.Ordinal);
    }
}
