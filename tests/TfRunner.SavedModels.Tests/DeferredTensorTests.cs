namespace TfRunner.SavedModels.Tests;

public sealed class DeferredTensorTests
{
    [Fact]
    public void It_is_made_when_it_is_first_looked_at_and_again_after_it_was_dropped()
    {
        var made = 0;
        using var tensor = TensorValue.Deferred(DType.Int32, Make, 3);
        Assert.False(tensor.IsLoaded);
        Assert.Equal([1, 2, 3], tensor.AsSpan<int>().ToArray());
        Assert.Equal(3, tensor.AsSpan<int>()[2]);
        Assert.Equal(1, made);

        tensor.Unload();

        Assert.False(tensor.IsLoaded);
        Assert.Equal([1, 2, 3], tensor.AsSpan<int>().ToArray());
        Assert.Equal(2, made);

        TensorValue Make()
        {
            made++;
            return TensorValue.From([1, 2, 3], 3);
        }
    }

    [Fact]
    public void Another_shape_of_it_keeps_its_elements_when_it_is_dropped()
    {
        using var tensor = TensorValue.Deferred(DType.Int32, static () => TensorValue.From([1, 2, 3, 4], 4), 4);
        using var view = tensor.Reshape(2, 2);
        Assert.Equal([1, 2, 3, 4], view.AsSpan<int>().ToArray());

        tensor.Unload();

        Assert.Equal([1, 2, 3, 4], view.AsSpan<int>().ToArray());
    }

    [Fact]
    public void It_cannot_be_looked_at_after_it_was_disposed()
    {
        var tensor = TensorValue.Deferred(DType.Int32, static () => TensorValue.From([1], 1), 1);
        _ = tensor.Pointer;
        tensor.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tensor.Pointer);
    }

    [Fact]
    public void Dropping_another_tensor_does_nothing()
    {
        using var tensor = TensorValue.From([1, 2], 2);

        tensor.Unload();

        Assert.Equal([1, 2], tensor.AsSpan<int>().ToArray());
    }
}
