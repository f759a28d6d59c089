using TfRunner.Cli.Prediction;

namespace TfRunner.Cli.Tests.Prediction;

public sealed class ShardTests
{
    [Theory]
    [InlineData("TFRUNNER_SHARD=2/5", 2, 5)]
    [InlineData("SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=4", 3, 4)]
    [InlineData("SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1", 0, 4)]
    [InlineData("SLURM_PROCID=1 SLURM_NTASKS=2", 1, 2)]
    [InlineData("JOB_COMPLETION_INDEX=5 JOB_COMPLETIONS=6", 5, 6)]
    public void AutoTakesItsPartFromTheCluster(string environment, int index, int count)
    {
        var variables = environment.Split(' ').Select(static v => v.Split('=')).ToDictionary(static v => v[0], static v => v[1]);
        Assert.Equal(new Shard(index, count), Shard.Parse("auto", variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("1")]
    [InlineData("a/b")]
    [InlineData("auto")]
    public void OtherPartsAreRefused(string text) =>
        Assert.Equal(ErrorStage.Usage, Assert.Throws<TfRunnerException>(() => Shard.Parse(text, static _ => null)).Stage);
}
