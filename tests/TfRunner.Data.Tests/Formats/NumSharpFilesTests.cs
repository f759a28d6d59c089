using NumSharp;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Data.Tests.Formats;

public sealed class NumSharpFilesTests : IDisposable
{
    private static readonly TensorSpec X = new("x", DType.Float32, TensorShape.Of(-1, 2), "x:0");
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-numsharp-").FullName;

    [Fact]
    public void Arrays_that_NumSharp_wrote_are_read()
    {
        var path = Path.Combine(folder, "a.npz");
        np.savez(path, new Dictionary<string, NDArray> { ["x"] = np.arange(6).astype(NPTypeCode.Single).reshape(2, 3), ["ids"] = np.arange(2) });
        using var reader = NpzReader.Open(path);
        var arrays = reader.ReadAllArrays();
        Assert.Equal([2L, 3], arrays["x"].shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], arrays["x"].ToArray<float>());
        Assert.Equal([0L, 1], arrays["ids"].ToArray<long>());
    }

    [Fact]
    public unsafe void What_is_read_needs_no_copy_by_an_engine()
    {
        var path = Path.Combine(folder, "a.npz");
        np.savez(path, new Dictionary<string, NDArray> { ["x"] = np.arange(100) });
        using var reader = NpzReader.Open(path);
        using var array = reader.ReadArray("x");
        Assert.Equal(0, (IntPtr)array.Unsafe.Address % TensorValue.Alignment);
    }

    [Theory]
    [InlineData("a.npz")]
    [InlineData("a.npy")]
    public unsafe void Whole_files_are_read_as_arrays_for_the_inputs(string name)
    {
        var path = Path.Combine(folder, name);
        var written = np.arange(6).astype(NPTypeCode.Single).reshape(3, 2);
        if (name.EndsWith(".npz", StringComparison.Ordinal))
        {
            np.savez(path, new Dictionary<string, NDArray> { ["x"] = written, ["other"] = np.arange(2) });
        }
        else
        {
            np.save(path, written);
        }

        var array = Assert.Single(NumSharpFiles.ReadArrays(path, [X], out var ignored));

        Assert.Equal([3L, 2], array.shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], array.ToArray<float>());
        Assert.Equal(0, (IntPtr)array.Unsafe.Address % TensorValue.Alignment);
        Assert.Equal(name == "a.npz" ? ["other"] : [], ignored);
    }

    [Fact]
    public void Rows_of_a_table_are_read_as_arrays()
    {
        var path = Path.Combine(folder, "a.csv");
        File.WriteAllText(path, "a\n1\n2\n3\n");
        using var rows = InputFile.OpenRows(path, [new("a", DType.Float32, TensorShape.Of(-1), "a:0")]);
        Assert.Equal([1f, 2], Assert.Single(rows.ReadArrays(2)!).ToArray<float>());
        Assert.Equal([3f], Assert.Single(rows.ReadArrays(2)!).ToArray<float>());
        Assert.Null(rows.ReadArrays(2));
    }

    [Fact]
    public void Strings_are_refused_with_what_reads_them()
    {
        var path = Path.Combine(folder, "a.csv");
        File.WriteAllText(path, "a\nx\n");
        using var rows = InputFile.OpenRows(path, [new("a", DType.String, TensorShape.Of(-1), "a:0")]);
        var error = Assert.Throws<TfRunnerException>(() => rows.ReadArrays(2));
        Assert.Equal((ErrorCode.Unimplemented, ErrorStage.Data), (error.Code, error.Stage));
        Assert.Contains("is string, and NumSharp has no such arrays", error.Message, StringComparison.Ordinal);
        Assert.Contains("TensorValue", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Array_types_that_no_file_holds_are_refused()
    {
        using var sink = OutputFile.Create(Path.Combine(folder, "out.npz"), ["y"]);
        Assert.Equal(ErrorCode.Unimplemented, Assert.Throws<TfRunnerException>(() => sink.Write(new NDArray(NPTypeCode.Decimal, new Shape(2)))).Code);
    }

    [Fact]
    public void Rows_of_strided_arrays_are_those_that_they_show()
    {
        using var rows = NumSharpFiles.Rows([X], np.arange(10).astype(NPTypeCode.Single).reshape(5, 2)["::-2"]);
        Assert.Equal(3, rows.RowCount);
        using var batch = rows.Read(8)![0];
        Assert.Equal([8f, 9, 4, 5, 0, 1], batch.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Rows_of_arrays_are_cut_into_batches()
    {
        using var rows = NumSharpFiles.Rows([X], np.arange(10).astype(NPTypeCode.Single).reshape(5, 2));
        Assert.Equal(5, rows.RowCount);
        using var batch = rows.Read(3)![0];
        Assert.Equal([0f, 1, 2, 3, 4, 5], batch.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Arrays_are_written_as_rows()
    {
        var path = Path.Combine(folder, "out.npz");
        using (var sink = OutputFile.Create(path, ["y"]))
        {
            sink.Write(np.arange(4).reshape(2, 2));
            sink.Write(np.arange(6).reshape(3, 2)["::2"]);
            sink.Complete();
        }

        using var reader = NpzReader.Open(path);
        Assert.Equal([0L, 1, 2, 3, 0, 1, 4, 5], reader.ReadArray("y").ToArray<long>());
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
