using System.Numerics;
using CsCheck;
using Google.Protobuf;
using TfRunner.Graphs;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests.Tensors;

public sealed class TensorProtoDecoderTests
{
    [Fact]
    public void Raw_bytes_are_the_elements() =>
        Gen.Float.Array[0, 20].Sample(static values =>
        {
            var proto = Proto(DataType.DtFloat, values.Length);
            proto.TensorContent = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
            using var tensor = TensorProtoDecoder.Decode(proto, "test");
            Assert.Equal(values, tensor.AsSpan<float>().ToArray());
        });

    [Fact]
    public void The_last_value_is_repeated() =>
        Gen.Select(Gen.Int.Array[0, 10], Gen.Int[0, 20]).Sample(static (values, count) =>
        {
            var proto = Proto(DataType.DtInt32, count);
            proto.IntVal.AddRange(values);
            using var tensor = TensorProtoDecoder.Decode(proto, "test");
            var expected = Enumerable.Range(0, count).Select(i => i < values.Length ? values[i] : values.LastOrDefault());
            Assert.Equal(expected, tensor.AsSpan<int>().ToArray());
        });

    [Fact]
    public void Strings_repeat_too()
    {
        var proto = Proto(DataType.DtString, 3);
        proto.StringVal.Add(ByteString.CopyFromUtf8("a"));
        proto.StringVal.Add(ByteString.CopyFromUtf8("b"));
        using var tensor = TensorProtoDecoder.Decode(proto, "test");
        Assert.Equal(["a", "b", "b"], tensor.Strings.Select(System.Text.Encoding.UTF8.GetString));
    }

    [Fact]
    public void Complex_numbers_come_in_pairs()
    {
        var proto = Proto(DataType.DtComplex128, 2);
        proto.DcomplexVal.AddRange([1.0, -2.0]);
        using var tensor = TensorProtoDecoder.Decode(proto, "test");
        Assert.Equal([new Complex(1, -2), new Complex(1, -2)], tensor.AsSpan<Complex>().ToArray());
    }

    [Fact]
    public void Half_values_are_bits()
    {
        var proto = Proto(DataType.DtBfloat16, 1);
        proto.HalfVal.Add(0x3fc0);
        using var tensor = TensorProtoDecoder.Decode(proto, "test");
        Assert.Equal(1.5f, tensor.AsSpan<BFloat16>()[0].ToSingle());
    }

    [Fact]
    public void A_repeated_value_may_not_claim_any_shape()
    {
        var proto = Proto(DataType.DtFloat, 1L << 40);
        proto.FloatVal.Add(1);
        Assert.Equal(ErrorCode.ResourceExhausted, Assert.Throws<TfRunnerException>(() => TensorProtoDecoder.Decode(proto, "test")).Code);
    }

    [Theory]
    [InlineData(-1L, 1L)]
    [InlineData(1L << 40, 1L << 40)]
    public void An_impossible_shape_is_refused(long rows, long columns)
    {
        var proto = Proto(DataType.DtFloat, rows, columns);
        Assert.Contains("test", Assert.Throws<TfRunnerException>(() => TensorProtoDecoder.Decode(proto, "test")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_bytes_are_refused()
    {
        var proto = Proto(DataType.DtFloat, 2);
        proto.TensorContent = ByteString.CopyFrom(1, 2, 3, 4);
        Assert.Equal(ErrorCode.DataLoss, Assert.Throws<TfRunnerException>(() => TensorProtoDecoder.Decode(proto, "test")).Code);
    }

    private static TensorProto Proto(DataType dtype, params long[] shape)
    {
        var proto = new TensorProto { Dtype = dtype, TensorShape = new() };
        proto.TensorShape.Dim.AddRange(shape.Select(static d => new TensorShapeProto.Types.Dim { Size = d }));
        return proto;
    }
}
