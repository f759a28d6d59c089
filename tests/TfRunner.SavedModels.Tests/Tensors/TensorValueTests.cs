using System.Numerics;
using CsCheck;

namespace TfRunner.SavedModels.Tests.Tensors;

public sealed class TensorValueTests
{
    [Fact]
    public void Allocated_memory_is_aligned() =>
        Gen.Select(Gen.Int[0, 100], Gen.OneOf(Gen.Const(DType.Int8), Gen.Const(DType.Float32), Gen.Const(DType.Complex128))).Sample(static (count, dtype) =>
        {
            using var tensor = TensorValue.Zeros(dtype, count);
            Assert.Equal(0, tensor.Pointer % TensorValue.Alignment);
            Assert.Equal(count * dtype.ElementSize(), tensor.ByteLength);
            Assert.All(tensor.Bytes.ToArray(), static b => Assert.Equal(0, b));
        });

    [Fact]
    public void Values_go_in_and_come_out() => Gen.Double.Array[0, 50].Sample(static values =>
    {
        using var tensor = TensorValue.From(values, values.Length);
        Assert.Equal(values, tensor.AsSpan<double>().ToArray());
        using var copy = tensor.Clone();
        Assert.Equal(values, copy.AsSpan<double>().ToArray());
    });

    [Fact]
    public void A_scalar_has_no_dimensions()
    {
        using var tensor = TensorValue.FromScalar(3L);
        Assert.Equal(0, tensor.Rank);
        Assert.Equal(3L, tensor.AsScalar<long>());
        Assert.Equal("int64 []", tensor.ToString());
    }

    [Fact]
    public void The_number_of_values_must_fit_the_shape() =>
        Assert.Throws<TfRunnerException>(static () => TensorValue.From(new[] { 1f, 2f }, 3));

    [Fact]
    public void Another_element_type_is_refused()
    {
        using var tensor = TensorValue.FromScalar(1f);
        Assert.Throws<TfRunnerException>(() => tensor.AsSpan<int>().Length);
    }

    [Theory]
    [InlineData(DType.Resource, new long[] { 1 })]
    [InlineData(DType.Float32, new long[] { -1 })]
    [InlineData(DType.Float32, new long[] { 1L << 40, 1L << 40 })]
    public void Tensors_that_cannot_be_are_refused(DType dtype, long[] shape) =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<TfRunnerException>(() => TensorValue.Zeros(dtype, shape)).Code);

    [Fact]
    public void A_disposed_tensor_has_no_memory()
    {
        var tensor = TensorValue.FromScalar(1f);
        tensor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Pointer);
    }

    [Fact]
    public void Strings_keep_their_bytes()
    {
        using var tensor = TensorValue.FromStrings(["a", "", "ü\0"], 3);
        Assert.True(tensor.IsString);
        Assert.Equal([0xc3, 0xbc, 0], tensor.Strings[2]);
    }

    [Fact]
    public void A_view_of_another_shape_shares_memory()
    {
        using var tensor = TensorValue.From(new[] { 1, 2, 3, 4 }, 4);
        using var view = tensor.Reshape(2, 2);
        view.AsSpan<int>()[3] = 9;
        Assert.Equal(9, tensor.AsSpan<int>()[3]);
        Assert.Throws<TfRunnerException>(() => tensor.Reshape(3));
    }

    [Fact]
    public void Wrapping_pins_and_shares_the_array()
    {
        var array = new[] { 1f, 2f };
        using var tensor = TensorValue.Wrap(array.AsMemory(), 2);
        tensor.AsSpan<float>()[0] = 5;
        Assert.Equal(5, array[0]);
    }

    [Fact]
    public void Rows_are_copied_to_their_place() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[1, 4]).Sample(static (before, count, width) =>
    {
        var values = Enumerable.Range(1, count * width).ToArray();
        using var source = TensorValue.From(values, count, width);
        using var target = TensorValue.Zeros(DType.Int32, before + count + 1, width);
        target.CopyRows(source, 0, before, count);
        Assert.Equal(Enumerable.Repeat(0, before * width).Concat(values).Concat(Enumerable.Repeat(0, width)), target.AsSpan<int>().ToArray());
    });

    [Theory]
    [InlineData(1f, 0x3f80)]
    [InlineData(-2f, 0xc000)]
    [InlineData(float.PositiveInfinity, 0x7f80)]
    public void Bfloat16_is_the_upper_half_of_a_float(float value, int bits)
    {
        Assert.Equal(bits, BFloat16.FromSingle(value).Bits);
        Assert.Equal(value, BFloat16.FromSingle(value).ToSingle());
    }

    [Fact]
    public void Bfloat16_rounds_to_nearest_even() => Gen.Float.Where(static f => float.IsFinite(f) && MathF.Abs(f) < 1e38f).Sample(static value =>
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var rounded = (uint)(((ulong)bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
        Assert.Equal(rounded, BFloat16.FromSingle(value).Bits);
    });

    [Fact]
    public void Bfloat16_keeps_not_a_number() => Assert.True(float.IsNaN(BFloat16.FromSingle(float.NaN).ToSingle()));

    [Fact]
    public void Every_dtype_with_values_knows_its_type_and_size()
    {
        Assert.Equal(16, DTypes.Of<Complex>().ElementSize());
        Assert.Equal("bfloat16", DTypes.Of<BFloat16>().Name());
        Assert.Equal("dtype(77)", ((DType)77).Name());
        Assert.False(DType.Variant.HasValues());
    }
}
