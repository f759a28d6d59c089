namespace TfRunner.Checkpoints;

/// <summary>Turns elements of big-endian bundles round.</summary>
internal static class ByteOrder
{
    /// <summary>The size of what a machine swaps as one: half an element for complex numbers.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>The size in bytes.</returns>
    public static int UnitSize(DType dtype) =>
        dtype is DType.Complex64 or DType.Complex128 ? dtype.ElementSize() / 2 : dtype.ElementSize();

    /// <summary>Reverses the bytes of every unit in place.</summary>
    /// <param name="data">The units.</param>
    /// <param name="unitSize">Their size in bytes.</param>
    public static void Swap(Span<byte> data, int unitSize)
    {
        if (unitSize == 1)
        {
            return;
        }

        for (var i = 0; i + unitSize <= data.Length; i += unitSize)
        {
            data.Slice(i, unitSize).Reverse();
        }
    }
}
