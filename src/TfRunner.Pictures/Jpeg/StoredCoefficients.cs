using System.Runtime.InteropServices;

namespace TfRunner.Pictures.Jpeg;

/// <summary>All coefficients of a component, for files of several scans.</summary>
internal sealed unsafe class StoredCoefficients : IDisposable
{
    private readonly NativeBlock memory;

    public StoredCoefficients(JpegFrame frame, JpegComponent component)
    {
        Across = frame.UnitsAcross * component.H;
        Down = frame.UnitsDown * component.V;
        var bytes = (nuint)Across * (nuint)Down * 64 * sizeof(short);
        memory = NativeBlock.Rent(bytes);
        NativeMemory.Clear(memory.Memory, bytes);
    }

    /// <summary>Blocks across, with those that fill up units.</summary>
    public int Across { get; }

    /// <summary>Blocks down, with those that fill up units.</summary>
    public int Down { get; }

    /// <summary>A block's 64 coefficients, row by row.</summary>
    public short* Block(int row, int column) => (short*)memory.Memory + ((((long)row * Across) + column) * 64);

    public void Dispose() => memory.Dispose();
}
