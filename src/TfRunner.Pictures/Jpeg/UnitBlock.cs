namespace TfRunner.Pictures.Jpeg;

/// <summary>One of the blocks of an interleaved unit, for a row of units.</summary>
/// <param name="plane">The component's samples.</param>
/// <param name="component">The component's position in the scan.</param>
/// <param name="index">The block's position among the component's blocks of a unit.</param>
internal sealed unsafe class UnitBlock(ComponentPlane plane, int component, int index)
{
    private readonly int across = plane.Component.H;
    private readonly int left = index % plane.Component.H;
    private readonly int size = plane.Size;
    private bool rowWanted;
    private byte* samples;

    /// <summary>The component's position in the scan.</summary>
    public int Component { get; } = component;

    /// <summary>The component's samples.</summary>
    public ComponentPlane Plane { get; } = plane;

    /// <summary>The last coefficient that matters.</summary>
    public int Last { get; } = plane.Transform?.Last ?? 63;

    /// <summary>Goes to a row of units.</summary>
    public void Begin(int row)
    {
        var blockRow = (row * Plane.Component.V) + (index / across);
        rowWanted = Plane.RowWanted[blockRow];
        samples = Plane.Row(blockRow * size);
    }

    /// <summary>Whether somebody reads the block in a unit.</summary>
    public bool IsWanted(int column) => rowWanted && Plane.ColumnWanted[(column * across) + left];

    /// <summary>Where the block's samples go in a unit.</summary>
    public byte* At(int column) => samples + (((column * across) + left) * size);
}
