using System.Numerics;
using Google.Protobuf;
using TfRunner.Checkpoints;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests.Checkpoints;

public sealed class CheckpointTests
{
    private static readonly string SlicedByTensorFlow = Path.Combine(AppContext.BaseDirectory, "Recorded", "sliced");

    [Fact]
    public void A_missing_index_is_named()
    {
        var error = Assert.Throws<TfRunnerException>(static () => Checkpoint.Open(Path.Combine(Path.GetTempPath(), "no-such-directory", "variables")));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("variables.index", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_sliced_by_rows_is_assembled()
    {
        using var checkpoint = Checkpoint.Open(SlicedByTensorFlow);
        using var value = checkpoint.Read("rows");
        Assert.True(checkpoint.Find("rows")!.IsSliced);
        Assert.Equal(TensorShape.Of(200, 3), value.Shape);
        Assert.Equal(Enumerable.Range(0, 600).Select(static i => (float)i), value.AsSpan<float>().ToArray());
    }

    [Fact]
    public void A_variable_sliced_by_columns_is_assembled()
    {
        using var checkpoint = Checkpoint.Open(SlicedByTensorFlow);
        using var value = checkpoint.Read("columns");
        Assert.Equal(Enumerable.Range(0, 560).Select(static i => (long)i), value.AsSpan<long>().ToArray());
    }

    [Fact]
    public void Strings_are_decoded()
    {
        using var checkpoint = Checkpoint.Open(SlicedByTensorFlow);
        using var value = checkpoint.Read("words");
        Assert.Equal(["a", "", "ccc", "dd"], value.Strings.Select(System.Text.Encoding.UTF8.GetString));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_nearest()
    {
        using var checkpoint = Checkpoint.Open(SlicedByTensorFlow);
        var error = Assert.Throws<TfRunnerException>(() => checkpoint.Read("word"));
        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Equal("did you mean 'words'?", error.Hint);
    }

    [Fact]
    public void A_tensor_outlives_its_checkpoint_and_writing_to_it_leaves_the_file_alone()
    {
        using var scratch = new ScratchFolder();
        var prefix = Write(scratch, DType.Float32, [1, 2], BitConverter.GetBytes(1f).Concat(BitConverter.GetBytes(2f)).ToArray());
        TensorValue value;
        using (var checkpoint = Checkpoint.Open(prefix))
        {
            value = checkpoint.Read("v");
        }

        using (value)
        {
            value.AsSpan<float>()[0] = 7;
            Assert.Equal([7f, 2f], value.AsSpan<float>().ToArray());
        }

        using var again = Checkpoint.Open(prefix);
        using var unchanged = again.Read("v");
        Assert.Equal([1f, 2f], unchanged.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Big_endian_numbers_are_turned_round()
    {
        using var scratch = new ScratchFolder();
        byte[] data = [.. BitConverter.GetBytes(1.5).Reverse(), .. BitConverter.GetBytes(-2.5).Reverse()];
        using var checkpoint = Checkpoint.Open(Write(scratch, DType.Complex128, [], data, isBigEndian: true));
        using var value = checkpoint.Read("v");
        Assert.Equal(new Complex(1.5, -2.5), value.AsScalar<Complex>());
    }

    [Fact]
    public void Damaged_values_are_noticed_when_they_are_read()
    {
        using var scratch = new ScratchFolder();
        var prefix = Write(scratch, DType.Int32, [1], [1, 0, 0, 0]);
        scratch.Write("variables.data-00000-of-00001", [2, 0, 0, 0]);
        using var checkpoint = Checkpoint.Open(prefix);
        var error = Assert.Throws<TfRunnerException>(() => checkpoint.Read("v"));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains("data-00000-of-00001 is damaged at byte 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_ends_too_early_is_noticed()
    {
        using var scratch = new ScratchFolder();
        var prefix = Write(scratch, DType.Int32, [1], [1, 0, 0, 0]);
        scratch.Write("variables.data-00000-of-00001", [1]);
        using var checkpoint = Checkpoint.Open(prefix);
        Assert.Contains("ends before", Assert.Throws<TfRunnerException>(() => checkpoint.Read("v")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shard_is_named_when_it_is_needed()
    {
        using var scratch = new ScratchFolder();
        var prefix = Write(scratch, DType.Int32, [1], [1, 0, 0, 0]);
        File.Delete(prefix + ".data-00000-of-00001");
        using var checkpoint = Checkpoint.Open(prefix);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<TfRunnerException>(() => checkpoint.Read("v")).Code);
    }

    [Theory]
    [InlineData(new long[] { -1 })]
    [InlineData(new long[] { 1L << 40, 1L << 40 })]
    [InlineData(new long[] { 1L << 61 })]
    public void A_shape_that_no_tensor_has_is_refused_before_memory_is_taken(long[] shape)
    {
        using var scratch = new ScratchFolder();
        var prefix = Write(scratch, DType.Int32, shape, [1, 0, 0, 0]);
        Assert.Equal(ErrorCode.DataLoss, Assert.Throws<TfRunnerException>(() => Checkpoint.Open(prefix)).Code);
    }

    [Fact]
    public void An_empty_tensor_has_memory_of_its_own()
    {
        using var scratch = new ScratchFolder();
        using var checkpoint = Checkpoint.Open(Write(scratch, DType.Float32, [0, 3], []));
        using var value = checkpoint.Read("v");
        Assert.NotEqual(IntPtr.Zero, value.Pointer);
        Assert.Equal(TensorShape.Of(0, 3), value.Shape);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xe3069283u)]
    public void The_checksum_is_the_published_one(string text, uint crc) =>
        Assert.Equal(crc, Crc32C.Compute(System.Text.Encoding.ASCII.GetBytes(text)));

    private static string Write(ScratchFolder scratch, DType dtype, long[] shape, byte[] data, bool isBigEndian = false)
    {
        var header = new BundleHeaderProto
        {
            NumShards = 1,
            Endianness = isBigEndian ? BundleHeaderProto.Types.Endianness.Big : BundleHeaderProto.Types.Endianness.Little,
        };
        var entry = new BundleEntryProto { Dtype = (DataType)dtype, Shape = new(), Size = data.Length, Crc32C = Crc32C.Mask(Crc32C.Compute(data)) };
        entry.Shape.Dim.AddRange(shape.Select(static d => new TensorShapeProto.Types.Dim { Size = d }));
        scratch.Write("variables.index", IndexTableWriter.Write([([], header.ToByteArray()), ("v"u8.ToArray(), entry.ToByteArray())]));
        scratch.Write("variables.data-00000-of-00001", data);
        return Path.Combine(scratch.Path, "variables");
    }
}
