namespace TfRunner.Onnx.Host;

/// <summary>A list of tensors, as TensorList and TensorArray ops pass it on. Never changed: setting an element makes a new list.</summary>
/// <param name="DType">The elements' dtype.</param>
/// <param name="Items">The elements; null where none was set.</param>
internal sealed record HostList(DType DType, TensorValue?[] Items)
{
    /// <summary>The list with one element replaced; longer when the index is past its end.</summary>
    /// <param name="index">0 or more.</param>
    /// <param name="item">The element.</param>
    /// <returns>A new list that shares the other elements.</returns>
    public HostList With(long index, TensorValue item)
    {
        var items = new TensorValue?[Math.Max(Items.Length, index + 1)];
        Items.CopyTo(items, 0);
        items[index] = item;
        return this with { Items = items };
    }
}
