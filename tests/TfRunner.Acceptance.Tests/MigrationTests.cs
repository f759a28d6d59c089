using System.Diagnostics;
using System.Text.RegularExpressions;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>What docs/migration.md shows is what is built and run here.</summary>
public sealed partial class MigrationTests : IDisposable
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-migration-").FullName;

    public static TheoryData<string> Programs =>
        [.. new[] { "Migration", "WithTensorFlowNet" }
            .SelectMany(static s => Directory.GetFiles(Path.Combine(Root, "samples", s), "*.cs").Select(f => $"samples/{s}/{Path.GetFileName(f)}"))
            .Where(static f => !f.EndsWith("/Program.cs", StringComparison.Ordinal))];

    private static string Root => SharedFolder.RepositoryRoot;

    private static string Digits => Path.Combine(Root, "saved_models", "digits_cnn");

    private static string Table => Path.Combine(Root, "saved_models", "breast_cancer");

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_page_shows_the_program(string file)
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs", "migration.md")).ReplaceLineEndings("\n");
        var shown = ShownPattern().Matches(page).Single(m => m.Groups[1].Value == file).Groups[2].Value;
        var source = File.ReadAllText(Path.Combine(Root, file)).ReplaceLineEndings("\n");
        var region = RegionPattern().Match(source).Groups[1].Value;
        Assert.Equal(string.Join('\n', region.Split('\n').Select(static l => l.Length > 8 ? l[8..] : string.Empty)), shown);
    }

    [Theory]
    [InlineData("load", @"^class \d\n$")]
    [InlineData("feed", @"^2 rows of 10\n$")]
    [InlineData("repeat", @"^(\d pixels: class \d\n){8}$")]
    public async Task The_programs_on_arrays_run(string program, string output) => Assert.Matches(output, await Run(program, Digits));

    [Theory]
    [InlineData("the program")]
    [InlineData("the command")]
    public async Task A_frozen_graph_is_fed_and_fetched_by_the_names_of_its_nodes(string by)
    {
        var graph = Path.Combine(folder, "graph.pbtxt");
        await File.WriteAllTextAsync(
            graph,
            """
            node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { dim { size: -1 } } } } }
            node { name: "y" op: "AddV2" input: "x" input: "x" attr { key: "T" value { type: DT_FLOAT } } }
            versions { producer: 1395 }
            """,
            TestContext.Current.CancellationToken);
        if (by == "the program")
        {
            Assert.Equal("can be fed: x: float32 [?]\ny = 2, 4, 6\n", await Run("frozen", graph));
            return;
        }

        var inspected = await CommandProcess.Run("inspect", graph);
        Assert.Matches(@"feed +x +float32 +\[\?\]", inspected.Output);
        Assert.Matches(@"fetch +y +float32", inspected.Output);
        var output = Path.Combine(folder, "y.csv");
        var predicted = await CommandProcess.Run("predict", graph, "--feed", "x=[1,2,3]", "--fetch", "y", "--output", output);
        Assert.True(predicted.ExitCode == 0, predicted.Errors);
        Assert.Equal(["y", "2", "4", "6"], await File.ReadAllLinesAsync(output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_program_on_rows_predicts_a_table()
    {
        var output = Path.Combine(folder, "out.csv");
        await Run("rows", Table, Path.Combine(Table, "test.csv"), output);
        Assert.Equal(170, File.ReadAllLines(output).Length);
    }

    [Fact]
    public async Task The_program_on_pictures_predicts_a_folder()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var output = Path.Combine(folder, "out.csv");
        await Run("images", Digits, Path.Combine(SharedFolder.Path!, "data", "digits_png"), output);
        Assert.Equal(398, File.ReadAllLines(output).Length);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<string> Run(params string[] arguments)
    {
        var program = Path.Combine(Root, "samples", "Migration", "bin", Configuration, "net10.0", "Migration.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return output.ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"<!-- (\S+) -->\n```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex ShownPattern();

    [GeneratedRegex(@"#region shown\n(.*?) *#endregion", RegexOptions.Singleline)]
    private static partial Regex RegionPattern();
}
