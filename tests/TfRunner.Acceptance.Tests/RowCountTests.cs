using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Numpy;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>Numbers of rows that do not fit: fewer than the signature is fixed to, none at all, and arrays that are no rows.</summary>
public sealed class RowCountTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-acceptance-").FullName;

    public static TheoryData<string> Formats => [.. OutputFile.Extensions];

    public static bool HasLibrary => SharedFolder.IsPresent;

    private static string Cancer => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "breast_cancer");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(10)]
    [InlineData(4)]
    [InlineData(1)]
    public async Task Rows_that_do_not_fill_a_fixed_batch_are_filled_up_and_cut_off_again(int rows)
    {
        var model = Squaring(4, 1);
        var table = Path.Combine(folder, "in.csv");
        await File.WriteAllLinesAsync(table, ["x", .. Enumerable.Range(1, rows).Select(static i => $"{i}")], TestContext.Current.CancellationToken);
        await Predict(model, table, "out.csv", "--engine", "onnx");
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder, "out.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(["y[0]", .. Enumerable.Range(1, rows).Select(static i => $"{i * i}")], lines);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_table_without_rows_gives_columns_without_rows(string extension)
    {
        var table = Path.Combine(folder, "empty.csv");
        var header = (await File.ReadAllLinesAsync(Path.Combine(Cancer, "test.csv"), TestContext.Current.CancellationToken))[0];
        await File.WriteAllTextAsync(table, header + "\n", TestContext.Current.CancellationToken);
        await Predict(Cancer, table, "out" + extension, "--engine", "onnx");
        var result = Path.Combine(folder, "out" + extension);
        if (extension == ".csv")
        {
            Assert.Equal("probabilities[0],probabilities[1]\n", await File.ReadAllTextAsync(result, TestContext.Current.CancellationToken));
        }
        else if (extension is ".jsonl" or ".tfrecord")
        {
            Assert.Equal(0, new FileInfo(result).Length);
        }
        else
        {
            using var rows = InputFile.OpenRows(result, [new("probabilities", DType.Float32, TensorShape.Of(-1, 2), string.Empty)]);
            Assert.Null(rows.Read(1));
        }
    }

    [Theory]
    [InlineData("onnx")]
    [InlineData("tensorflow")]
    public async Task Arrays_that_are_no_rows_come_out_as_the_model_gives_them(string engine)
    {
        Assert.SkipUnless(engine == "onnx" || HasLibrary, SharedFolder.Absent);
        var model = Squaring();
        var given = Path.Combine(folder, "in.npz");
        using (var sink = OutputFile.Create(given, ["x"]))
        {
            sink.WriteCall([TensorValue.FromScalar(3f)]);
            sink.Complete();
        }

        await Predict(model, given, "out.npz", "--engine", engine);
        using var reader = NpzReader.Open(Path.Combine(folder, "out.npz"));
        using var result = reader.Read("y");
        Assert.Equal(0, result.Rank);
        Assert.Equal(9f, result.AsSpan<float>()[0]);
    }

    private async Task Predict(string model, string input, string output, params string[] more)
    {
        var run = await CommandProcess.Run(["predict", model, "--input", input, "--output", Path.Combine(folder, output), .. more]);
        Assert.True(run.ExitCode == 0, run.Errors);
    }

    /// <summary>A SavedModel that squares what it is given.</summary>
    private string Squaring(params int[] dimensions)
    {
        var directory = Path.Combine(folder, "squaring");
        OneOpModel.Write(directory, "Square", "attr { key: \"T\" value { type: DT_FLOAT } }", dimensions);
        return directory;
    }
}
