using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.TensorFlowNet.Tests;

/// <summary>The program with TensorFlow.NET that docs/migration.md shows.</summary>
public sealed class SampleTests
{
    [Fact]
    public void The_program_of_the_migration_page_runs()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        EngineCatalog.Find("tensorflow.net").Start(NetModels.Options).Dispose();
        var (before, output) = (Console.Out, new StringWriter());
        Console.SetOut(output);
        try
        {
            WithTensorFlowNet.KeepArrays.Run(Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn"));
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Equal("2 rows of 10", output.ToString().Trim());
    }
}
