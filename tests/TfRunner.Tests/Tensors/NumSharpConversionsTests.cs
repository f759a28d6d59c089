using NumSharp;

namespace TfRunner.Tests.Tensors;

[Collection("counts copied arrays")]
public sealed class NumSharpConversionsTests
{
    [Fact]
    public void An_array_over_a_tensor_shares_its_memory()
    {
        using var tensor = TensorValue.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3);
        var array = tensor.AsNDArray();
        Assert.Equal([2L, 3L], array.shape);
        tensor.AsSpan<float>()[4] = 50;
        Assert.Equal(50f, (float)array[1, 1]);
    }

    [Fact]
    public void A_tensor_over_an_array_shares_its_memory()
    {
        var array = np.arange(6).astype(NPTypeCode.Double).reshape(3, 2);
        using var tensor = array.AsTensorValue();
        Assert.Equal("float64 [3, 2]", tensor.ToString());
        array[2, 0] = 40.0;
        Assert.Equal([0, 1, 2, 3, 40, 5], tensor.AsSpan<double>().ToArray());
    }

    [Theory]
    [InlineData("1:")]
    [InlineData("::2")]
    [InlineData("::-1")]
    [InlineData(":, 1")]
    public void A_sliced_array_gives_its_own_elements(string slice)
    {
        var array = np.arange(12).astype(NPTypeCode.Int32).reshape(4, 3)[slice];
        using var tensor = array.AsTensorValue();
        Assert.Equal(array.shape, tensor.Dimensions.ToArray());
        Assert.Equal(array.ToArray<int>(), tensor.AsSpan<int>().ToArray());
    }

    [Fact]
    public void A_transposed_array_is_copied_into_row_major_order()
    {
        var array = np.arange(6).astype(NPTypeCode.Int64).reshape(2, 3).T;
        using var tensor = array.AsTensorValue();
        Assert.Equal([0L, 3, 1, 4, 2, 5], tensor.AsSpan<long>().ToArray());
    }

    [Theory]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Complex64)]
    [InlineData(DType.String)]
    public void A_dtype_that_NumSharp_lacks_is_refused_by_name(DType dtype)
    {
        using var tensor = TensorValue.Zeros(dtype, 1);
        var error = Assert.Throws<TfRunnerException>(() => tensor.AsNDArray());
        Assert.Contains(dtype.Name(), error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Hint);
    }

    [Theory]
    [InlineData(NPTypeCode.Decimal)]
    [InlineData(NPTypeCode.Char)]
    public void An_array_type_that_TensorFlow_lacks_is_refused_by_name(NPTypeCode type)
    {
        var error = Assert.Throws<TfRunnerException>(() => new NDArray(type, new Shape(2)).AsTensorValue());
        Assert.Equal(ErrorCode.Unimplemented, error.Code);
        Assert.Contains(type.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("astype", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_in_column_order_is_copied_into_rows()
    {
        var array = np.arange(6).astype(NPTypeCode.Int32).reshape(2, 3).copy('F');
        var before = NumSharpConversions.CopiedArrays;
        using var tensor = array.AsTensorValue();
        Assert.Equal([0, 1, 2, 3, 4, 5], tensor.AsSpan<int>().ToArray());
        Assert.Equal(before + 1, NumSharpConversions.CopiedArrays);
    }

    [Fact]
    public void A_slice_of_a_slice_begins_where_it_says()
    {
        var array = np.arange(24).astype(NPTypeCode.Int32).reshape(4, 3, 2)["1:"]["1:"]["0"];
        using var tensor = array.AsTensorValue();
        Assert.Equal([12, 13, 14, 15, 16, 17], tensor.AsSpan<int>().ToArray());
    }

    [Fact]
    public void A_tensor_over_a_slice_outlives_the_whole_array()
    {
        var array = np.arange(1000).astype(NPTypeCode.Int32);
        var slice = array["500:"];
        using var tensor = slice.AsTensorValue();
        slice.Dispose();
        array.Dispose();
        var others = Enumerable.Range(0, 50).Select(static _ => np.ones(new Shape(1000), NPTypeCode.Int32)).ToList();
        Assert.Equal(Enumerable.Range(500, 500), tensor.AsSpan<int>().ToArray());
        GC.KeepAlive(others);
    }

    [Fact]
    public void Empty_arrays_keep_their_shape()
    {
        using var tensor = TensorValue.Zeros(DType.Float32, 0, 3);
        Assert.Equal([0L, 3L], tensor.AsNDArray().shape);
    }

    public static TheoryData<DType> Shared =>
    [
        DType.Bool, DType.Int8, DType.UInt8, DType.Int16, DType.UInt16, DType.Int32, DType.UInt32, DType.Int64, DType.UInt64,
        DType.Float16, DType.Float32, DType.Float64, DType.Complex128,
    ];

    [Theory]
    [MemberData(nameof(Shared))]
    public unsafe void Every_dtype_that_NumSharp_has_goes_there_and_back_over_the_same_memory(DType dtype)
    {
        using var tensor = TensorValue.Zeros(dtype, 2, 3);
        var address = tensor.Pointer;
        var array = tensor.AsNDArray();
        using var back = array.AsTensorValue(aligned: true);
        Assert.Equal((address, dtype), (back.Pointer, back.DType));
        Assert.Equal([2L, 3], back.Dimensions.ToArray());
    }

    [Theory]
    [InlineData]
    [InlineData(6)]
    [InlineData(1, 6)]
    [InlineData(3, 2, 1)]
    public void An_array_outlives_the_tensor_that_it_came_from(params int[] dimensions)
    {
        var tensor = TensorValue.Zeros(DType.Float32, [.. dimensions.Select(static d => (long)d)]);
        tensor.AsSpan<float>().Fill(3);
        var array = tensor.AsNDArray();
        tensor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tensor.Pointer);
        Assert.All(array.ToArray<float>(), static v => Assert.Equal(3f, v));
    }

    [Fact]
    public void A_tensor_outlives_the_array_that_it_came_from()
    {
        var array = np.arange(1000).astype(NPTypeCode.Single);
        using var tensor = array.AsTensorValue();
        array.Dispose();
        var others = Enumerable.Range(0, 50).Select(static _ => np.ones(new Shape(1000), NPTypeCode.Single)).ToList();
        Assert.Equal(Enumerable.Range(0, 1000).Select(static i => (float)i), tensor.AsSpan<float>().ToArray());
        GC.KeepAlive(others);
    }

    [Fact]
    public void A_disposed_array_is_refused()
    {
        var array = np.arange(6);
        array.Dispose();
        Assert.Throws<ObjectDisposedException>(() => array.AsTensorValue());
    }

    [Fact]
    public void Memory_is_freed_when_tensor_and_array_are_both_gone()
    {
        var owner = new CountingOwner();
        var memory = TensorValue.Zeros(DType.Float32, 4);
        var tensor = TensorValue.Wrap(DType.Float32, memory.Pointer, memory.ByteLength, owner, 4);
        var array = tensor.AsNDArray();
        var view = array["1:3"];
        tensor.Dispose();
        tensor.Dispose();
        array.Dispose();
        Assert.Equal(0, owner.Disposals);
        view.Dispose();
        Assert.Equal(1, owner.Disposals);
    }

    [Fact]
    public void A_strided_array_is_copied_once_into_aligned_memory_and_counted()
    {
        var array = np.arange(12).astype(NPTypeCode.Int32).reshape(4, 3)[":, 1"];
        var (arrays, bytes) = (NumSharpConversions.CopiedArrays, NumSharpConversions.CopiedBytes);
        using var tensor = array.AsTensorValue(aligned: true);
        Assert.Equal((arrays + 1, bytes + 16), (NumSharpConversions.CopiedArrays, NumSharpConversions.CopiedBytes));
        Assert.Equal(0, tensor.Pointer % TensorValue.Alignment);
        Assert.Equal([1, 4, 7, 10], tensor.AsSpan<int>().ToArray());
    }

    [Fact]
    public void A_broadcast_array_gives_each_element()
    {
        using var row = np.arange(3).astype(NPTypeCode.Single);
        using var tensor = np.broadcast_to(row, new Shape(2, 3)).AsTensorValue();
        Assert.Equal([0f, 1, 2, 0, 1, 2], tensor.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Unaligned_memory_is_copied_only_for_those_who_want_it_aligned()
    {
        var array = TensorValue.From<float>([0, 1, 2, 3], 4).IntoNDArray()["1:"];
        var before = NumSharpConversions.CopiedArrays;
        using var shared = array.AsTensorValue();
        Assert.Equal(before, NumSharpConversions.CopiedArrays);
        using var aligned = array.AsTensorValue(aligned: true);
        Assert.Equal(before + 1, NumSharpConversions.CopiedArrays);
        Assert.Equal([1f, 2, 3], aligned.AsSpan<float>().ToArray());
    }

    private sealed class CountingOwner : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
