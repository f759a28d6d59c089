using System.Runtime.CompilerServices;

namespace TfRunner.Pictures.Jpeg;

/// <summary>A component's samples: two rows of units at a time, one being decoded and the one above it.</summary>
internal sealed unsafe class ComponentPlane : IDisposable
{
    private const int Margin = 64;

    private readonly NativeBlock block;
    private readonly int rows;

    /// <summary>Makes a plane.</summary>
    /// <param name="component">The component; its first scan has been found.</param>
    /// <param name="frame">Its frame.</param>
    /// <param name="size">Samples of a block, across and down: 8, or less for a scaled decode.</param>
    /// <param name="transform">What makes so few samples; null for 8.</param>
    public ComponentPlane(JpegComponent component, JpegFrame frame, int size, BlockTransform? transform)
    {
        (Component, Size, Transform) = (component, size, transform);
        BlocksAcross = frame.UnitsAcross * component.H;
        BlocksDown = frame.UnitsDown * component.V;
        Width = ((component.Width * size) + 7) / 8;
        Height = ((component.Height * size) + 7) / 8;
        ColumnWanted = new bool[BlocksAcross];
        RowWanted = new bool[BlocksDown];
        rows = 2 * component.V * size;
        Stride = (BlocksAcross * size) + Margin;
        block = NativeBlock.Rent((nuint)((rows * (long)Stride) + (2 * Margin)) + 128);
        Factors = (short*)(block.Memory + (rows * (long)Stride) + Margin);
        FastTransform.MakeFactors(component.Steps, new(Factors, 64));
    }

    public JpegComponent Component { get; }

    public int Size { get; }

    /// <summary>What makes fewer than 8 samples of a block; null for 8.</summary>
    public BlockTransform? Transform { get; }

    public int BlocksAcross { get; }

    public int BlocksDown { get; }

    /// <summary>Samples across.</summary>
    public int Width { get; }

    /// <summary>Samples down.</summary>
    public int Height { get; }

    public int Stride { get; }

    /// <summary>What the fast transform multiplies coefficients by.</summary>
    public short* Factors { get; }

    /// <summary>The columns of blocks that somebody reads.</summary>
    public bool[] ColumnWanted { get; }

    /// <summary>The rows of blocks that somebody reads.</summary>
    public bool[] RowWanted { get; }

    /// <summary>A row of samples, as long as it is one of the last two rows of units.</summary>
    public byte* Row(int y) => block.Memory + ((y % rows) * (long)Stride);

    /// <summary>The one sample of a block with nothing but its first coefficient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Flat(int coefficient) => Transform is null ? FastTransform.Flat(coefficient, *Factors) : Transform.Flat(coefficient, Component.Steps![0]);

    public void Dispose() => block.Dispose();
}
