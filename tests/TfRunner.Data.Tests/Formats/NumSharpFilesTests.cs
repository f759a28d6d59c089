using NumSharp;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Data.Tests.Formats;

public sealed class NumSharpFilesTests : IDisposable
{
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

    [Fact]
    public void Rows_of_arrays_are_cut_into_batches()
    {
        using var rows = NumSharpFiles.Rows([new("x", DType.Float32, TensorShape.Of(-1, 2), "x:0")], np.arange(10).astype(NPTypeCode.Single).reshape(5, 2));
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
