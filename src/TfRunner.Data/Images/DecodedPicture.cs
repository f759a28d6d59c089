using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace TfRunner.Data.Images;

/// <summary>A decoded picture in memory that is used again for the next: a large picture's pages are touched once.</summary>
internal sealed unsafe class DecodedPicture : IDisposable
{
    private const int KeptBuffers = 16;
    private static readonly ConcurrentBag<Block> Pool = [];
    private readonly Block block;
    private int disposed;

    public DecodedPicture(int height, int width, int channels)
    {
        (Height, Width, Channels) = (height, width, channels);
        var bytes = (nuint)height * (nuint)width * (nuint)channels;
        block = Pool.TryTake(out var kept) ? kept : new();
        block.Reserve(Math.Max(bytes, 1));
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public long ByteLength => (long)Height * Width * Channels;

    public byte* Pixels => block.Memory;

    public PixelWindow Window => new(Pixels, Height, Width, Channels, Width * Channels);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0 && Pool.Count < KeptBuffers)
        {
            Pool.Add(block);
        }
    }

    /// <summary>Native memory that frees itself when the pool does not want it.</summary>
    private sealed class Block
    {
        private nuint size;

        ~Block() => NativeMemory.AlignedFree(Memory);

        public byte* Memory { get; private set; }

        public void Reserve(nuint bytes)
        {
            if (bytes > size)
            {
                NativeMemory.AlignedFree(Memory);
                Memory = null;
                Memory = (byte*)NativeMemory.AlignedAlloc(bytes, TensorValue.Alignment);
                size = bytes;
            }
        }
    }
}
