using System.Diagnostics;
using System.Globalization;
using TfRunner.Data.Formats;
using TfRunner.Data.Images;
using TfRunner.RecordedCases;

namespace TfRunner.Cli.Tests.Prediction;

/// <summary><c>predict</c> and <c>merge</c> as processes, over the digits and the breast cancer table.</summary>
public sealed class BulkPredictionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-test-").FullName;

    private static string Digits => Path.Combine(SharedFolder.Path!, "data", "digits_png");

    private static string DigitsModel => RecordedModel.Find("digits_cnn").SavedModelDirectory;

    private static string TableModel => RecordedModel.Find("breast_cancer").SavedModelDirectory;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(".npz")]
    [InlineData(".csv")]
    [InlineData(".jsonl")]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".tfrecord")]
    public void Pictures_and_the_same_rows_in_a_file_give_equal_predictions_of_known_accuracy(string format)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        Succeed("predict", DigitsModel, "--input", Digits, "--preprocess", "scale:1/256", "--keep", "label", "--output", Out("pictures.csv"));
        var rows = File.ReadAllLines(Out("pictures.csv"))[1..].Select(static l => l.Split(',')).ToList();
        var right = rows.Count(static r => Array.IndexOf(r[1..], r[1..].MaxBy(static p => double.Parse(p, CultureInfo.InvariantCulture))) == int.Parse(r[0], CultureInfo.InvariantCulture));
        Assert.Equal(0.992, right / 397.0, 3);

        WriteDigits(Out("rows" + format));
        Succeed("predict", DigitsModel, "--input", Out("rows" + format), "--batch-size", "32", "--output", Out("rows.out.csv"));
        Assert.Equal(rows.Select(static r => string.Join(',', r[1..])), File.ReadAllLines(Out("rows.out.csv"))[1..]);
    }

    [Fact]
    public void A_run_killed_at_random_moments_goes_on_to_the_same_bytes()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var table = WriteTable(60_000);
        Succeed("predict", TableModel, "--input", table, "--output", Out("whole.csv"));
        var random = new Random(7);
        string[] arguments = ["predict", TableModel, "--input", table, "--output", Out("killed.csv"), "--resume"];
        var kills = int.Parse(Environment.GetEnvironmentVariable("TFRUNNER_TEST_KILLS") ?? "4", CultureInfo.InvariantCulture);
        for (var i = 0; i < kills; i++)
        {
            using var process = Start(arguments);
            if (!process.WaitForExit(random.Next(300, 3000)))
            {
                process.Kill();
                process.WaitForExit();
            }
        }

        Succeed(arguments);
        Assert.True(File.ReadAllBytes(Out("whole.csv")).AsSpan().SequenceEqual(File.ReadAllBytes(Out("killed.csv"))));
        Assert.False(Directory.Exists(Out("killed.csv.resume")));
    }

    [Fact]
    public void A_journal_of_another_run_is_refused()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var table = WriteTable(10);
        Directory.CreateDirectory(Out("x.csv.resume"));
        File.WriteAllText(Out("x.csv.resume/run.sha256"), "0");
        var (code, errors) = Run("predict", TableModel, "--input", table, "--output", Out("x.csv"), "--resume");
        Assert.Equal((int)ErrorStage.Usage, code);
        Assert.Contains("another model, input or options", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_rows_are_quarantined_with_position_and_reason_and_nothing_else_is_lost()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var table = WriteTable(100);
        Succeed("predict", TableModel, "--input", table, "--output", Out("good.csv"));
        var lines = File.ReadAllLines(table).ToList();
        lines.Insert(1 + 50, "1,2,3");
        lines.Insert(1 + 20, lines[1].Replace(lines[1].Split(',')[0], "oops", StringComparison.Ordinal));
        File.WriteAllLines(table, lines);

        var (stopped, message) = Run("predict", TableModel, "--input", table, "--output", Out("bad.csv"));
        Assert.Equal((int)ErrorStage.Data, stopped);
        Assert.Contains("row 21", message, StringComparison.Ordinal);

        var (code, _) = Run("predict", TableModel, "--input", table, "--output", Out("bad.csv"), "--on-error", "quarantine", "--max-errors", "1");
        Assert.Equal((int)ErrorStage.Data, code);
        Assert.Equal(File.ReadAllText(Out("good.csv")), File.ReadAllText(Out("bad.csv")));
        var noted = File.ReadAllLines(Out("bad.csv.errors.jsonl"));
        Assert.Equal(2, noted.Length);
        Assert.StartsWith("{\"position\":20,", noted[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"position\":51,", noted[1], StringComparison.Ordinal);
        Succeed("predict", TableModel, "--input", table, "--output", Out("bad.csv"), "--on-error", "skip", "--max-errors", "2");
    }

    [Theory]
    [InlineData(".csv")]
    [InlineData(".jsonl")]
    [InlineData(".npz")]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".tfrecord")]
    public void Parts_are_joined_into_what_a_single_run_writes(string format)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var table = WriteTable(101);
        Succeed("predict", TableModel, "--input", table, "--output", Out("one" + format));
        for (var i = 0; i < 3; i++)
        {
            Succeed("predict", TableModel, "--input", table, "--output", Out($"part{i}{format}"), "--shard", $"{i}/3");
        }

        Succeed("merge", Out("all" + format), Out("part2" + format), Out("part0" + format), Out("part1" + format));
        Assert.Equal(File.ReadAllBytes(Out("one" + format)), File.ReadAllBytes(Out("all" + format)));

        Assert.Contains("missing: 1", Run("merge", Out("all" + format), Out("part2" + format), Out("part0" + format)).Errors, StringComparison.Ordinal);
        Assert.Contains("both part 0", Run("merge", Out("all" + format), Out("part0" + format), Out("part0" + format)).Errors, StringComparison.Ordinal);
        Succeed("predict", TableModel, "--input", table, "--output", Out("foreign" + format), "--shard", "1/3", "--limit", "90");
        Assert.Contains("parts of different runs", Run("merge", Out("all" + format), Out("part0" + format), Out("foreign" + format), Out("part2" + format)).Errors, StringComparison.Ordinal);
        File.Delete(Out($"part1{format}.shard.json"));
        Assert.Contains("no finished part", Run("merge", Out("all" + format), Out("part0" + format), Out("part1" + format)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_with_bad_rows_are_joined_into_what_a_single_run_writes()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var table = WriteTable(40);
        var lines = File.ReadAllLines(table);
        foreach (var bad in new[] { 4, 5, 6, 25 })
        {
            lines[1 + bad] = "1,2,3";
        }

        File.WriteAllLines(table, lines);
        Succeed("predict", TableModel, "--input", table, "--output", Out("one.csv"), "--on-error", "skip");
        string[] parts = [Out("part0.csv"), Out("part1.csv"), Out("part2.csv")];
        for (var i = 0; i < 3; i++)
        {
            Succeed("predict", TableModel, "--input", table, "--output", parts[i], "--shard", $"{i}/3", "--on-error", "quarantine", "--resume");
        }

        Succeed(["merge", Out("all.csv"), .. parts]);
        Assert.Equal(File.ReadAllText(Out("one.csv")), File.ReadAllText(Out("all.csv")));
        Assert.Equal(37, File.ReadAllLines(Out("all.csv")).Length);
        Assert.StartsWith("{\"position\":5,", Assert.Single(File.ReadAllLines(parts[2] + ".errors.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public void Shuffled_rows_are_the_same_rows_in_an_order_that_the_seed_decides()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var table = WriteTable(100);
        Succeed("predict", TableModel, "--input", table, "--output", Out("plain.csv"));
        foreach (var (name, option) in new[] { ("a", "7/50"), ("b", "7/50"), ("c", "8/50") })
        {
            Succeed("predict", TableModel, "--input", table, "--output", Out(name + ".csv"), "--shuffle", option);
        }

        var plain = File.ReadAllLines(Out("plain.csv"));
        var first = File.ReadAllLines(Out("a.csv"));
        Assert.Equal(plain.Order(), first.Order());
        Assert.NotEqual(plain, first);
        Assert.Equal(first, File.ReadAllLines(Out("b.csv")));
        Assert.NotEqual(first, File.ReadAllLines(Out("c.csv")));
    }

    [Theory]
    [InlineData("--memory takes a size", "--memory", "10")]
    [InlineData("--memory takes a size", "--memory", "0GiB")]
    [InlineData("--memory takes a size", "--memory", "lots")]
    [InlineData("--shuffle takes SEED", "--shuffle", "7/0")]
    [InlineData("exclude each other", "--shuffle", "--shard", "0/2")]
    [InlineData("--default takes column=value", "--default", "x")]
    [InlineData("is no float32", "--default", "mean_radius=round")]
    public void Nonsense_is_refused(string message, params string[] options)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var (code, errors) = Run(["predict", TableModel, "--input", WriteTable(3), .. options]);
        Assert.Equal((int)ErrorStage.Usage, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    private static void WriteDigits(string path)
    {
        var input = SavedModel.Open(DigitsModel).Signatures[0].Inputs[0];
        using var source = InputFile.OpenRows(Digits, [input], pictures: new() { Preprocess = Preprocessing.Parse("scale:1/256") });
        using var sink = OutputFile.Create(path, [input.Name]);
        while (source.Read(100) is { } chunk)
        {
            // A CSV reader finds the elements by one number each.
            sink.Write([path.EndsWith(".csv", StringComparison.Ordinal) ? chunk[0].Reshape(chunk[0].Dimensions[0], 64) : chunk[0]]);
            Array.ForEach(chunk, static t => t.Dispose());
        }

        sink.Complete();
    }

    private string WriteTable(int rows)
    {
        var lines = File.ReadAllLines(Path.Combine(RecordedModel.Find("breast_cancer").Folder, "test.csv"));
        var path = Out("table.csv");
        File.WriteAllLines(path, Enumerable.Range(0, rows).Select(i => lines[1 + (i % (lines.Length - 1))]).Prepend(lines[0]));
        return path;
    }

    private string Out(string name) => Path.Combine(folder, name);

    private static void Succeed(params string[] arguments)
    {
        var (code, errors) = Run(arguments);
        Assert.True(code == 0, errors);
    }

    private static (int Code, string Errors) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "TfRunner.Cli.dll"), .. arguments]) { RedirectStandardError = true };
        start.Environment["TFRUNNER_TENSORFLOW"] = SharedFolder.NativeLibraryDirectory;
        start.Environment["TF_CPP_MIN_LOG_LEVEL"] = "3";
        return Process.Start(start)!;
    }
}
