using NumSharp;

namespace TfRunner.Tests.Tensors;

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

    [Fact]
    public void Empty_arrays_keep_their_shape()
    {
        using var tensor = TensorValue.Zeros(DType.Float32, 0, 3);
        Assert.Equal([0L, 3L], tensor.AsNDArray().shape);
    }
}
