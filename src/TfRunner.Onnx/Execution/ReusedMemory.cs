namespace TfRunner.Onnx.Execution;

/// <summary>Memory for values of a fixed order of work: what is released is taken again by later values that fit.</summary>
internal sealed class ReusedMemory : IDisposable
{
    private readonly List<TensorValue> slabs = [];
    private readonly List<int> free = [];

    /// <summary>The bytes that were ever needed.</summary>
    public long Bytes => slabs.Sum(static s => s.ByteLength);

    /// <summary>Takes memory: the smallest that is free and large enough, else new.</summary>
    /// <param name="bytes">How much; 0 or more.</param>
    /// <returns>What to release it by, and where it is.</returns>
    public (int Slab, IntPtr Pointer) Take(long bytes)
    {
        var best = -1;
        foreach (var slab in free)
        {
            if (slabs[slab].ByteLength >= bytes && (best < 0 || slabs[slab].ByteLength < slabs[best].ByteLength))
            {
                best = slab;
            }
        }

        if (best < 0)
        {
            best = slabs.Count;
            slabs.Add(TensorValue.Allocate(DType.UInt8, Math.Max(bytes, 1)));
        }

        free.Remove(best);
        return (best, slabs[best].Pointer);
    }

    /// <summary>Lets later values take memory again.</summary>
    /// <param name="slab">From <see cref="Take"/>; a negative number is nothing.</param>
    public void Release(int slab)
    {
        if (slab >= 0)
        {
            free.Add(slab);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        slabs.ForEach(static s => s.Dispose());
        slabs.Clear();
        free.Clear();
    }
}
