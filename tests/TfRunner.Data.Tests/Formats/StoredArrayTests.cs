using System.IO.Compression;
using System.Runtime.InteropServices;
using TfRunner.Data.Formats;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Data.Tests.Formats;

public sealed class StoredArrayTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-stored-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void Rows_of_an_archive_are_the_same_whether_it_is_compressed_or_not(CompressionLevel level)
    {
        var path = Archive(level, Npy(7, 5));
        using var rows = InputFile.OpenRows(path, [Input(5)]);
        Assert.Equal(7, rows.RowCount);
        Assert.Equal(Enumerable.Range(0, 15).Select(static v => (float)v), Read(rows, 3));
        Assert.Equal(Enumerable.Range(15, 20).Select(static v => (float)v), Read(rows, 10));
        Assert.Null(rows.Read(1));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(5)]
    public void Rows_of_a_file_are_used_in_place_or_copied_but_always_aligned(int columns)
    {
        var path = Path.Combine(folder, "x.npy");
        File.WriteAllBytes(path, Npy(7, columns));
        using var rows = InputFile.OpenRows(path, [Input(columns)]);
        rows.Skip(1);
        using var batch = rows.Read(2)![0];
        Assert.Equal(0, batch.Pointer % TensorValue.Alignment);
        Assert.Equal(Enumerable.Range(columns, 2 * columns).Select(static v => (float)v), batch.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Writing_to_rows_does_not_change_the_file()
    {
        var path = Path.Combine(folder, "x.npy");
        var bytes = Npy(4, 16);
        File.WriteAllBytes(path, bytes);
        using (var rows = InputFile.OpenRows(path, [Input(16)]))
        using (var batch = rows.Read(4)![0])
        {
            batch.AsSpan<float>().Clear();
        }

        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void Rows_outlive_the_file_that_they_came_from()
    {
        var path = Path.Combine(folder, "x.npy");
        File.WriteAllBytes(path, Npy(4, 16));
        using var batch = ReadAll(path);
        File.Delete(path);
        Assert.Equal(63, batch.AsSpan<float>()[^1]);
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    public void A_whole_array_outlives_its_reader(CompressionLevel level)
    {
        var path = Archive(level, Npy(7, 5));
        using var read = ReadKey(path);
        using var inputs = InputFile.ReadArrays(path, [Input(5)], out _)[0];
        Assert.Equal(Enumerable.Range(0, 35).Select(static v => (float)v), read.AsSpan<float>().ToArray());
        Assert.Equal(Enumerable.Range(0, 35).Select(static v => (float)v), inputs.AsSpan<float>().ToArray());
    }

    [Fact]
    public void A_file_that_is_cut_off_is_named()
    {
        var path = Path.Combine(folder, "x.npy");
        File.WriteAllBytes(path, Npy(4, 16)[..^1]);
        var error = Assert.Throws<TfRunnerException>(() => InputFile.OpenRows(path, [Input(16)]));
        Assert.Equal((ErrorCode.DataLoss, ErrorStage.Data), (error.Code, error.Stage));
        Assert.Contains("x.npy is cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_larger_than_what_is_used_of_it_takes_memory_for_that_only()
    {
        const int Columns = 1024;
        const int Rows = 512 * Megabyte / (Columns * sizeof(float));
        var path = Path.Combine(folder, "x.npy");
        using (var file = File.Create(path))
        {
            var header = NpyHeader.Format("<f4", [Rows, Columns]);
            file.Write(header);
            file.SetLength(header.Length + (512L * Megabyte));
        }

        using var rows = InputFile.OpenRows(path, [Input(Columns)]);
        var before = Environment.WorkingSet;
        var most = 0L;
        var sum = 0f;
        for (var count = 0; count < Rows; count += 4096)
        {
            using var batch = rows.Read(4096)![0];
            sum += System.Numerics.Tensors.TensorPrimitives.Sum<float>(batch.AsSpan<float>());
            most = Math.Max(most, Environment.WorkingSet - before);
        }

        Assert.Equal(0, sum);
        Assert.True(most < 128 * Megabyte, $"{most / Megabyte} MB were in use");
    }

    private static TensorSpec Input(int columns) => new("x", DType.Float32, TensorShape.Of(-1, columns), "x:0");

    private static byte[] Npy(int rows, int columns) =>
    [
        .. NpyHeader.Format("<f4", [rows, columns]),
        .. MemoryMarshal.AsBytes<float>(Enumerable.Range(0, rows * columns).Select(static v => (float)v).ToArray()),
    ];

    private static TensorValue ReadKey(string path)
    {
        using var reader = NpzReader.Open(path);
        return reader.Read("x");
    }

    private static TensorValue ReadAll(string path)
    {
        using var rows = InputFile.OpenRows(path, [Input(16)]);
        return rows.Read(4)![0];
    }

    private static float[] Read(IRowSource rows, int count)
    {
        using var batch = rows.Read(count)![0];
        return batch.AsSpan<float>().ToArray();
    }

    private string Archive(CompressionLevel level, byte[] npy)
    {
        var path = Path.Combine(folder, "x.npz");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var entry = archive.CreateEntry("x.npy", level).Open();
        entry.Write(npy);
        return path;
    }
}
