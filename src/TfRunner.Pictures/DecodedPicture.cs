namespace TfRunner.Pictures;

/// <summary>A decoded picture, or those of its rows and columns that were asked for: samples row by row, channels last.</summary>
internal sealed unsafe class DecodedPicture : IDisposable
{
    // Pixels of three samples are read as four, also the last one.
    private const int Margin = 16;

    private readonly NativeBlock block;

    /// <summary>Makes a picture of any content.</summary>
    /// <param name="height">Rows of a frame.</param>
    /// <param name="width">Columns.</param>
    /// <param name="channels">Samples of a pixel.</param>
    /// <param name="frames">Frames, one after the other.</param>
    /// <param name="isWide">Whether samples have 16 bits; otherwise 8.</param>
    public DecodedPicture(int height, int width, int channels, int frames = 1, bool isWide = false)
    {
        (Height, Width, Channels, Frames, IsWide) = (height, width, channels, frames, isWide);
        block = NativeBlock.Rent((nuint)ByteLength + Margin);
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    public int Frames { get; }

    public bool IsWide { get; }

    /// <summary>What this is of a larger picture; null when it is the whole.</summary>
    public SampleGrid? Grid { get; set; }

    public long ByteLength => (long)Frames * Height * Width * Channels * (IsWide ? 2 : 1);

    public byte* Pixels => block.Memory;

    /// <summary>The first frame, of 8-bit samples.</summary>
    public PixelWindow Window => new(Pixels, Height, Width, Channels, Width * Channels);

    public void Dispose() => block.Dispose();
}
