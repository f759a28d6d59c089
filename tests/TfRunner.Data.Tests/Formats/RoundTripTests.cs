using System.IO.Compression;
using TfRunner.Data.Formats;
using TfRunner.RecordedCases;

namespace TfRunner.Data.Tests.Formats;

/// <summary>Rows written and read back, format by format.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly TensorSpec[] Inputs =
    [
        new("scores", DType.Float32, TensorShape.Of(-1, 2, 3), string.Empty),
        new("count", DType.Int64, TensorShape.Of(-1), string.Empty),
        new("name", DType.String, TensorShape.Of(-1), string.Empty),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(".parquet", "")]
    [InlineData(".arrow", "")]
    [InlineData(".feather", "")]
    [InlineData(".tfrecord", "")]
    [InlineData(".csv", "")]
    [InlineData(".jsonl", "")]
    [InlineData(".npz", "")]
    [InlineData(".parquet", ".gz")]
    [InlineData(".arrow", ".zst")]
    [InlineData(".tfrecord", ".gz")]
    [InlineData(".csv", ".zst")]
    [InlineData(".jsonl", ".gz")]
    public void RowsComeBackAsTheyWere(string format, string compression)
    {
        var path = Write(format, 300);
        if (compression.Length > 0)
        {
            using var plain = File.OpenRead(path);
            path += compression;
            using var file = File.Create(path);
            using Stream packed = compression == ".gz" ? new GZipStream(file, CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(file);
            plain.CopyTo(packed);
        }

        using var source = InputFile.OpenRows(path, Inputs);
        var row = 0;
        while (source.Read(7) is { } chunk)
        {
            var rows = (int)chunk[0].Dimensions[0];
            Assert.Equal(Math.Min(7, 300 - row), rows);
            Assert.Equal([rows, 2, 3], chunk[0].Dimensions.ToArray());
            Assert.Equal(Enumerable.Range(row * 6, rows * 6).Select(static i => i / 7f), chunk[0].AsSpan<float>().ToArray());
            Assert.Equal(Enumerable.Range(row, rows).Select(static i => (long)i * i), chunk[1].AsSpan<long>().ToArray());
            Assert.Equal(Enumerable.Range(row, rows).Select(static i => $"naïve {i}"), chunk[2].Strings.Select(System.Text.Encoding.UTF8.GetString));
            row += rows;
        }

        Assert.Equal(300, row);
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".tfrecord")]
    [InlineData(".csv")]
    [InlineData(".jsonl")]
    public void AKeptColumnIsTextWhateverItIs(string format)
    {
        using var source = InputFile.OpenRows(Write(format, 3), [KeptColumn.Spec("count"), Inputs[0]]);
        Assert.Equal(["0", "1", "4"], source.Read(10)![0].Strings.Select(System.Text.Encoding.UTF8.GetString));
        Assert.Contains("name", source.IgnoredColumns);
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".tfrecord")]
    public void AColumnOfTheWrongTypeIsRefusedBeforeTheFirstRow(string format)
    {
        var path = Write(format, 3);
        var error = Assert.Throws<TfRunnerException>(() => InputFile.OpenRows(path, [new("scores", DType.Int32, TensorShape.Of(-1, 6), string.Empty)]));
        Assert.Contains("scores", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".parquet")]
    [InlineData(".arrow")]
    [InlineData(".tfrecord")]
    public void AMissingColumnIsNamed(string format)
    {
        var path = Write(format, 3);
        var error = Assert.Throws<TfRunnerException>(() => InputFile.OpenRows(path, [new("other", DType.Float32, TensorShape.Of(-1), string.Empty)]));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("'other'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(40)]
    public void ADamagedRecordIsFoundByItsChecksum(int at)
    {
        var path = Write(".tfrecord", 1);
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<TfRunnerException>(() => InputFile.OpenRows(path, Inputs));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains("record 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ZlibCompressedRecordsAreRead()
    {
        var path = Write(".tfrecord", 5);
        var bytes = File.ReadAllBytes(path);
        using (var packed = new ZLibStream(File.Create(path), CompressionLevel.Optimal))
        {
            packed.Write(bytes);
        }

        using var source = InputFile.OpenRows(path, Inputs);
        Assert.Equal(5, source.Read(10)![0].Dimensions[0]);
    }

    [Fact]
    public void LinesOfATextFeedAStringInput()
    {
        var path = Path.Combine(folder, "lines.txt");
        File.WriteAllText(path, "first\r\n\nthird");
        using var source = InputFile.OpenRows(path, [new("text", DType.String, TensorShape.Of(-1), string.Empty)]);
        Assert.Equal(["first", string.Empty, "third"], source.Read(10)![0].Strings.Select(System.Text.Encoding.UTF8.GetString));
    }

    [Fact]
    public void ABadCsvRowCostsThatRowOnly()
    {
        var path = Path.Combine(folder, "bad.csv");
        File.WriteAllText(path, "x,y\n1,2\n3\n5,6\n7,oops\n9,10\n");
        using var source = InputFile.OpenRows(path, [new("x", DType.Float32, TensorShape.Of(-1), string.Empty), new("y", DType.Float32, TensorShape.Of(-1), string.Empty)]);
        Assert.Equal([1f], source.Read(8)![0].AsSpan<float>().ToArray());
        Assert.Contains("row 2", Assert.Throws<TfRunnerException>(() => source.Read(8)).Message, StringComparison.Ordinal);
        Assert.Equal([5f], source.Read(8)![0].AsSpan<float>().ToArray());
        Assert.Contains("'oops'", Assert.Throws<TfRunnerException>(() => source.Read(8)).Message, StringComparison.Ordinal);
        Assert.Equal([9f], source.Read(8)![0].AsSpan<float>().ToArray());
        Assert.Null(source.Read(8));
        Assert.True(((ISkippingSource)source).CanGoOn);
    }

    [Fact]
    public void ADirectoryOfPicturesGivesThemInOrderWithTheirFoldersAsLabels()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var digits = Path.Combine(SharedFolder.Path!, "data", "digits_png");
        using var source = InputFile.OpenRows(
            digits,
            [KeptColumn.Spec("label"), KeptColumn.Spec("path"), new("image", DType.Float32, TensorShape.Of(-1, 8, 8, 1), string.Empty)]);
        Assert.Equal(397, source.RowCount);
        source.Skip(390);
        var chunk = source.Read(100)!;
        Assert.Equal([7, 8, 8, 1], chunk[2].Dimensions.ToArray());
        Assert.All(chunk[0].Strings, static l => Assert.Equal("9", System.Text.Encoding.UTF8.GetString(l)));
        Assert.Null(source.Read(1));
    }

    [Fact]
    public void APatternFindsFilesBelowDirectories()
    {
        Directory.CreateDirectory(Path.Combine(folder, "a", "b"));
        File.WriteAllText(Path.Combine(folder, "a", "1.csv"), "x\n1\n");
        File.WriteAllText(Path.Combine(folder, "a", "b", "2.csv"), "x\n2\n3\n");
        Assert.Single(FileSet.List(folder + "/*/*.csv"));
        using var source = InputFile.OpenRows(folder + "/**/*.csv", [new("x", DType.Float32, TensorShape.Of(-1), string.Empty)]);
        Assert.Equal([1f], source.Read(8)![0].AsSpan<float>().ToArray());
        Assert.Equal([2f, 3f], source.Read(8)![0].AsSpan<float>().ToArray());
        Assert.Null(source.Read(8));
    }

    [Fact]
    public void ADirectoryOfPicturesMayHoldOtherFiles()
    {
        File.WriteAllText(Path.Combine(folder, "b.jpg"), string.Empty);
        File.WriteAllText(Path.Combine(folder, "a.txt"), string.Empty);
        Assert.Equal([folder + "/b.jpg"], FileSet.List(folder, out var leftOut));
        Assert.Equal([folder + "/a.txt"], leftOut);
        Assert.Equal(2, FileSet.List(folder + "/*", out leftOut).Count);
        Assert.Empty(leftOut);
    }

    private string Write(string format, int rows)
    {
        var path = Path.Combine(folder, "rows" + format);
        using var sink = OutputFile.Create(path, ["scores", "count", "name"]);
        for (var at = 0; at < rows; at += 100)
        {
            var count = Math.Min(100, rows - at);
            using var scores = TensorValue.From(Enumerable.Range(at * 6, count * 6).Select(static i => i / 7f).ToArray(), count, 2, 3);
            using var counts = TensorValue.From(Enumerable.Range(at, count).Select(static i => (long)i * i).ToArray(), count);
            using var names = TensorValue.FromStrings(Enumerable.Range(at, count).Select(static i => $"naïve {i}").ToArray(), count);
            sink.Write([scores, counts, names]);
        }

        sink.Complete();

        // What CSV and JSON call the elements of a matrix, a flat header for CSV reads back.
        if (format == ".csv")
        {
            var lines = File.ReadAllLines(path);
            lines[0] = string.Join(',', Enumerable.Range(0, 6).Select(static i => $"scores[{i}]").Append("count").Append("name"));
            File.WriteAllLines(path, lines);
        }

        return path;
    }
}
