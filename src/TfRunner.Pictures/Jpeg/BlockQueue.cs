using System.Runtime.InteropServices;

namespace TfRunner.Pictures.Jpeg;

/// <summary>Transforms blocks into samples, two at a time where it can.</summary>
internal sealed unsafe class BlockQueue : IDisposable
{
    private const int BlockBytes = 64 * sizeof(short);

    private readonly NativeBlock memory = NativeBlock.Rent(3 * BlockBytes);
    private ComponentPlane? waiting;
    private byte* waitingTo;

    /// <summary>Makes a queue.</summary>
    public BlockQueue()
    {
        new Span<byte>(memory.Memory, 2 * BlockBytes).Clear();
        Slot = (short*)memory.Memory;
    }

    /// <summary>64 zeros, for the next block's coefficients.</summary>
    public short* Slot { get; private set; }

    private short* OtherSlot => (short*)memory.Memory + (Slot == (short*)memory.Memory ? 64 : 0);

    /// <summary>Takes the block in <see cref="Slot"/>.</summary>
    /// <param name="plane">Where it belongs.</param>
    /// <param name="to">Where its samples go.</param>
    /// <param name="last">Its last coefficient that is not zero.</param>
    public void Add(ComponentPlane plane, byte* to, int last)
    {
        if (last == 0)
        {
            var sample = plane.Flat(Slot[0]);
            Slot[0] = 0;
            Fill(plane, to, sample);
        }
        else if (plane.Transform is { } transform)
        {
            transform.Run(Slot, plane.Component.Steps!, to, plane.Stride);
            Clear(Slot);
        }
        else if (waiting is null)
        {
            waiting = plane;
            waitingTo = to;
            Slot = OtherSlot;
        }
        else
        {
            FastTransform.Pair(OtherSlot, waiting.Factors, waitingTo, waiting.Stride, Slot, plane.Factors, to, plane.Stride);
            waiting = null;
            Clear(Slot);
            Clear(OtherSlot);
        }
    }

    /// <summary>Takes a block of stored coefficients.</summary>
    /// <param name="plane">Where it belongs.</param>
    /// <param name="to">Where its samples go.</param>
    /// <param name="coefficients">The 64 coefficients.</param>
    public void Add(ComponentPlane plane, byte* to, short* coefficients)
    {
        new Span<short>(coefficients, 64).CopyTo(new(Slot, 64));
        Add(plane, to, new ReadOnlySpan<short>(coefficients + 1, 63).ContainsAnyExcept((short)0) ? 63 : 0);
    }

    /// <summary>Transforms what waits for company.</summary>
    public void Flush()
    {
        if (waiting is not null)
        {
            // Its company are zeros, with samples for nobody.
            var nobody = memory.Memory + (2 * BlockBytes);
            FastTransform.Pair(OtherSlot, waiting.Factors, waitingTo, waiting.Stride, Slot, waiting.Factors, nobody, 8);
            waiting = null;
            Clear(OtherSlot);
        }
    }

    public void Dispose() => memory.Dispose();

    private static void Fill(ComponentPlane plane, byte* to, byte sample)
    {
        if (plane.Size == 8)
        {
            var row = sample * 0x0101010101010101UL;
            for (var y = 0; y < 8; y++)
            {
                *(ulong*)(to + (y * plane.Stride)) = row;
            }

            return;
        }

        for (var y = 0; y < plane.Size; y++)
        {
            new Span<byte>(to + (y * plane.Stride), plane.Size).Fill(sample);
        }
    }

    private static void Clear(short* block) => NativeMemory.Clear(block, BlockBytes);
}
