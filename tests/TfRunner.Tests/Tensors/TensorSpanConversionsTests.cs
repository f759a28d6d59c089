using System.Numerics.Tensors;

namespace TfRunner.Tests.Tensors;

public sealed class TensorSpanConversionsTests
{
    [Fact]
    public void A_span_shares_the_tensors_memory()
    {
        using var tensor = TensorValue.From([1, 2, 3, 4], 2, 2);
        var span = tensor.AsTensorSpan<int>();
        span[1, 0] = 30;
        Assert.Equal(30, tensor.AsSpan<int>()[2]);
    }

    [Fact]
    public void A_tensor_over_a_dense_tensor_shares_its_memory()
    {
        var source = Tensor.Create([1f, 2f, 3f, 4f, 5f, 6f], [3, 2]);
        using var tensor = source.AsTensorValue();
        source[2, 1] = 60;
        Assert.Equal("float32 [3, 2]", tensor.ToString());
        Assert.Equal(60f, tensor.AsSpan<float>()[5]);
    }

    [Fact]
    public void Another_element_type_is_refused()
    {
        using var tensor = TensorValue.Zeros(DType.Float32, 2);
        Assert.Throws<TfRunnerException>(() => { _ = tensor.AsTensorSpan<int>(); });
    }
}
