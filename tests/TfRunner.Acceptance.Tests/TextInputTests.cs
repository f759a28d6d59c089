using System.Diagnostics;
using System.Globalization;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>Tables and lines in and out, as they come from other programs and other countries.</summary>
public sealed class TextInputTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-acceptance-").FullName;

    public static bool HasModels => SharedFolder.IsPresent;

    public static bool HasShell => !OperatingSystem.IsWindows();

    private static string Cancer => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "breast_cancer");

    private static string Table => Path.Combine(Cancer, "test.csv");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("\uFEFF", "\n")]
    [InlineData("", "\r\n")]
    [InlineData("\uFEFF", "\r\n")]
    public async Task A_table_from_another_program_gives_the_same(string mark, string end)
    {
        var other = Path.Combine(folder, "other.csv");
        var text = (await File.ReadAllTextAsync(Table, TestContext.Current.CancellationToken)).ReplaceLineEndings(end);
        await File.WriteAllTextAsync(other, mark + text.TrimStart('\uFEFF'), new System.Text.UTF8Encoding(false), TestContext.Current.CancellationToken);
        Assert.Equal(await Predicted(Table), await Predicted(other));
    }

    [Fact]
    public async Task A_table_without_rows_is_no_error_and_gives_none()
    {
        var empty = Path.Combine(folder, "empty.csv");
        await File.WriteAllTextAsync(empty, (await File.ReadAllLinesAsync(Table, TestContext.Current.CancellationToken))[0] + "\n", TestContext.Current.CancellationToken);
        Assert.Empty((await Predicted(empty)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
    }

    [Fact]
    public async Task Numbers_have_a_point_whatever_the_culture()
    {
        // CommandProcess runs it in German, where numbers have a comma.
        var rows = (await Predicted(Table)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(rows.Skip(1), static r => Assert.Equal(1, r.Split(',').Sum(static n => double.Parse(n, NumberStyles.Float, CultureInfo.InvariantCulture)), 1e-3));
        Assert.Contains(rows.Skip(1), static r => r.Contains('.', StringComparison.Ordinal));
    }

    [Fact(Skip = SharedFolder.Absent, SkipUnless = nameof(HasModels))]
    public async Task Quoted_text_may_have_commas_quotes_and_line_ends()
    {
        var table = Path.Combine(folder, "text.csv");
        await File.WriteAllTextAsync(table, "text\r\n\"a, \"\"b\"\"\r\nc\"\r\nplain\r\n", TestContext.Current.CancellationToken);
        var result = Path.Combine(folder, "out.jsonl");
        var run = await CommandProcess.Run(
            "predict", RecordedModel.Find("text_classifier").SavedModelDirectory, "--input", table, "--output", result, "--keep", "text");
        Assert.True(run.ExitCode == 0, run.Errors);
        var rows = await File.ReadAllLinesAsync(result, TestContext.Current.CancellationToken);
        Assert.Equal(2, rows.Length);
    }

    [Fact(Skip = "there is no shell", SkipUnless = nameof(HasShell))]
    public async Task A_reader_that_has_seen_enough_ends_it_quietly()
    {
        var start = CommandProcess.Start("predict", Cancer, "--engine", "onnx", "--input", Table, "--batch-size", "1", "--output", "-");
        var shell = new ProcessStartInfo("sh", ["-c", "\"$0\" \"$@\" | head -n 1", start.FileName, .. start.ArgumentList])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(shell)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("error", await errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", await errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_progress_bar_where_there_is_no_terminal()
    {
        var run = await CommandProcess.Run(
            "predict", Cancer, "--engine", "onnx", "--input", Table, "--batch-size", "1", "--output", Path.Combine(folder, "out.csv"));
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.DoesNotContain('\r', run.Errors);
        Assert.DoesNotContain('\u001b', run.Output + run.Errors);
        Assert.DoesNotContain("rows/s", run.Errors.Split('\n')[0], StringComparison.Ordinal);
    }

    private async Task<string> Predicted(string table)
    {
        var result = Path.Combine(folder, "result.csv");
        var run = await CommandProcess.Run("predict", Cancer, "--engine", "onnx", "--input", table, "--output", result);
        Assert.True(run.ExitCode == 0, run.Errors);
        return await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken);
    }
}
