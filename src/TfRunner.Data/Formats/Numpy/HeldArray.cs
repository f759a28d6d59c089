namespace TfRunner.Data.Formats.Numpy;

/// <summary>An array in memory.</summary>
/// <param name="tensor">The array; disposed with this.</param>
internal sealed class HeldArray(TensorValue tensor) : StoredArray
{
    private bool isTaken;

    public override DType DType => tensor.DType;

    public override IReadOnlyList<long> Dimensions { get; } = tensor.Dimensions.ToArray();

    public override TensorValue Rows(long first, long count) => TensorRows.Take(tensor, first, count);

    public override TensorValue Whole() => tensor.Reshape(tensor.Dimensions);

    public override TensorValue Take()
    {
        isTaken = true;
        return tensor;
    }

    public override void Dispose()
    {
        if (!isTaken)
        {
            tensor.Dispose();
        }
    }
}
