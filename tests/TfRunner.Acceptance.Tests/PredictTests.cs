using System.Globalization;
using TfRunner.Data.Formats.Numpy;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary><c>predict</c> over the recorded models, from file to file.</summary>
public sealed class PredictTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-acceptance-").FullName;

    public static bool HasModels => SharedFolder.IsPresent;

    private static string Digits => Path.Combine(RecordedModel.Find("digits_cnn").Folder, "digits_test.npz");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory(Skip = SharedFolder.Absent, SkipUnless = nameof(HasModels))]
    [InlineData(null)]
    [InlineData("1")]
    [InlineData("7")]
    [InlineData("64")]
    [InlineData("397")]
    public async Task Digits_are_recognised_whatever_the_batch_size(string? batchSize)
    {
        var result = Path.Combine(folder, "digits.npz");
        string[] batches = batchSize is null ? [] : ["--batch-size", batchSize];
        var run = await CommandProcess.Run(["predict", RecordedModel.Find("digits_cnn").SavedModelDirectory, "--input", Digits, "--output", result, .. batches]);
        Assert.True(run.ExitCode == 0, run.Errors);

        using var images = NpzReader.Open(Digits);
        using var labels = images.Read("label");
        using var predictions = NpzReader.Open(result);
        using var probabilities = predictions.Read("output_0");
        var classes = Enumerable.Range(0, 397).Select(row => Likeliest(probabilities.AsSpan<float>().Slice(row * 10, 10)));
        Assert.Equal(394, classes.Where((c, row) => c == Integer(labels, row)).Count());
    }

    [Fact(Skip = SharedFolder.Absent, SkipUnless = nameof(HasModels))]
    public async Task A_table_is_classified_and_its_label_column_said_to_be_ignored_once()
    {
        var model = RecordedModel.Find("breast_cancer");
        var table = Path.Combine(model.Folder, "test.csv");
        var result = Path.Combine(folder, "result.csv");
        var run = await CommandProcess.Run("predict", model.SavedModelDirectory, "--input", table, "--output", result);
        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(2, run.Errors.Split("target").Length);

        var rows = await File.ReadAllLinesAsync(table, TestContext.Current.CancellationToken);
        var target = Array.IndexOf(rows[0].Split(','), "target");
        var predicted = (await File.ReadAllLinesAsync(result, TestContext.Current.CancellationToken)).Skip(1).Select(static r => Number(r) >= 0.5);
        var right = rows.Skip(1).Zip(predicted, (row, benign) => benign == (Number(row.Split(',')[target]) >= 0.5)).Count(static same => same);
        Assert.Equal(0.964, (double)right / (rows.Length - 1), 0.001);
    }

    [Fact(Skip = SharedFolder.Absent, SkipUnless = nameof(HasModels))]
    public async Task A_truncated_archive_leaves_no_output()
    {
        var bytes = await File.ReadAllBytesAsync(Digits, TestContext.Current.CancellationToken);
        var cut = Path.Combine(folder, "cut.npz");
        await File.WriteAllBytesAsync(cut, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);
        var run = await CommandProcess.Run("predict", RecordedModel.Find("digits_cnn").SavedModelDirectory, "--input", cut, "--output", Path.Combine(folder, "out.npz"));
        Assert.Equal(4, run.ExitCode);
        Assert.Equal([cut], Directory.GetFiles(folder));
    }

    [Fact(Skip = SharedFolder.Absent, SkipUnless = nameof(HasModels))]
    public async Task The_table_has_no_escape_codes_in_a_file()
    {
        var run = await CommandProcess.Run("predict", RecordedModel.Find("digits_cnn").SavedModelDirectory, "--input", Digits);
        Assert.Contains("output_0: float32 [397, 10]", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output + run.Errors);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static long Integer(TensorValue labels, int row) => labels.DType switch
    {
        DType.Int64 => labels.AsSpan<long>()[row],
        DType.Int32 => labels.AsSpan<int>()[row],
        _ => labels.Bytes[row],
    };

    private static int Likeliest(ReadOnlySpan<float> row) => System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row);
}
