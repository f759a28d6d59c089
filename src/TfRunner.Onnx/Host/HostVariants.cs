namespace TfRunner.Onnx.Host;

/// <summary>A vector or list of values that are no tensors. Never changed: setting an element makes a new one.</summary>
/// <param name="Items">The elements; null where none was set.</param>
internal sealed record HostVariants(object?[] Items)
{
    /// <summary>The vector with one element replaced; longer when the index is past its end.</summary>
    /// <param name="index">0 or more.</param>
    /// <param name="item">The element.</param>
    /// <returns>A new vector that shares the other elements.</returns>
    public HostVariants With(long index, object item)
    {
        var items = new object?[Math.Max(Items.Length, index + 1)];
        Items.CopyTo(items, 0);
        items[index] = item;
        return new(items);
    }
}
