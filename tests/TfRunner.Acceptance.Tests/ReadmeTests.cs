using System.Diagnostics;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>What the README shows is what is built and run here.</summary>
public sealed class ReadmeTests
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static string Root => SharedFolder.RepositoryRoot;

    [Fact]
    public void The_program_in_the_README_is_the_sample()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md")).ReplaceLineEndings("\n");
        var start = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        var shown = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Equal(File.ReadAllText(Path.Combine(Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n"), shown);
    }

    [Fact]
    public async Task The_sample_predicts()
    {
        var program = Path.Combine(Root, "samples", "QuickStart", "bin", Configuration, "net10.0", "QuickStart.dll");
        var start = new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("probabilities: float32 [397, 10]", (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
    }
}
