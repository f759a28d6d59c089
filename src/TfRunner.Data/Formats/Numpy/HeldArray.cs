namespace TfRunner.Data.Formats.Numpy;

/// <summary>An array in memory.</summary>
/// <param name="tensor">The array; disposed with this, unless it was handed out whole.</param>
internal sealed class HeldArray(TensorValue tensor) : StoredArray
{
    private bool isHandedOut;

    public override DType DType => tensor.DType;

    public override IReadOnlyList<long> Dimensions { get; } = tensor.Dimensions.ToArray();

    public override TensorValue Rows(long first, long count) => TensorRows.Take(tensor, first, count);

    public override TensorValue Whole()
    {
        isHandedOut = true;
        return tensor.Reshape(tensor.Dimensions);
    }

    public override void Dispose()
    {
        // What was handed out shares the memory, which is freed when nobody has it any more.
        if (!isHandedOut)
        {
            tensor.Dispose();
        }
    }
}
