using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace TfRunner.Pictures;

/// <summary>Native memory that is used again: a large picture's pages are touched once.</summary>
internal sealed unsafe class NativeBlock : IDisposable
{
    private const int MostKept = 32;
    private static readonly ConcurrentBag<NativeBlock> Kept = [];
    private nuint size;

    // 1 while in use, -1 in the pool, 0 before the first use.
    private int rented;

    private NativeBlock()
    {
    }

    ~NativeBlock() => NativeMemory.AlignedFree(Memory);

    /// <summary>The memory, aligned as tensors are.</summary>
    public byte* Memory { get; private set; }

    /// <summary>Takes memory of at least a size, with any content.</summary>
    /// <param name="bytes">The size.</param>
    /// <returns>The memory; disposing it gives it back.</returns>
    public static NativeBlock Rent(nuint bytes)
    {
        var block = Kept.TryTake(out var kept) ? kept : new();
        if (bytes > block.size || block.Memory is null)
        {
            NativeMemory.AlignedFree(block.Memory);
            block.Memory = null;
            block.Memory = (byte*)NativeMemory.AlignedAlloc(Math.Max(bytes, 1), TensorValue.Alignment);
            block.size = bytes;
        }

        if (Interlocked.Exchange(ref block.rented, 1) == -1)
        {
            GC.ReRegisterForFinalize(block);
        }

        return block;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, -1) == 1)
        {
            GC.SuppressFinalize(this);
            if (Kept.Count < MostKept)
            {
                Kept.Add(this);
            }
            else
            {
                NativeMemory.AlignedFree(Memory);
                Memory = null;
                size = 0;
            }
        }
    }
}
