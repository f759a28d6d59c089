namespace TfRunner.SavedModels.Tests.Tensors;

public sealed class TensorShapeTests
{
    [Theory]
    [InlineData(new long[] { -1, 3 }, new long[] { 5, 3 }, true)]
    [InlineData(new long[] { -1, 3 }, new long[] { 5, 4 }, false)]
    [InlineData(new long[] { -1, 3 }, new long[] { 3 }, false)]
    [InlineData(new long[] { }, new long[] { }, true)]
    public void Unknown_dimensions_accept_any(long[] shape, long[] actual, bool accepted) => Assert.Equal(accepted, TensorShape.Of(shape).Accepts(actual));

    [Fact]
    public void An_unknown_rank_accepts_all()
    {
        Assert.True(TensorShape.Unknown.Accepts([1, 2, 3]));
        Assert.Equal("[...]", TensorShape.Unknown.ToString());
        Assert.Equal(-1, TensorShape.Unknown.ElementCount());
    }

    [Fact]
    public void Shapes_are_values()
    {
        Assert.Equal(TensorShape.Of(2, 3), TensorShape.Of(2, 3));
        Assert.NotEqual(TensorShape.Scalar, TensorShape.Unknown);
        Assert.Equal("[?, 3]", TensorShape.Of(-1, 3).ToString());
        Assert.Equal(6, TensorShape.Of(2, 3).ElementCount());
        Assert.Equal(TensorShape.Of(4, 3), TensorShape.Of(-1, 3).WithBatch(4));
    }

    [Fact]
    public void A_dimension_below_unknown_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(static () => TensorShape.Of(-2));
}
