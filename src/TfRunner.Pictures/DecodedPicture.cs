namespace TfRunner.Pictures;

/// <summary>A decoded picture, or those of its rows and columns that were asked for: 8-bit samples, channels last.</summary>
internal sealed unsafe class DecodedPicture : IDisposable
{
    // Pixels of three samples are read as four, also the last one.
    private const int Margin = 16;

    private readonly NativeBlock block;

    public DecodedPicture(int height, int width, int channels)
    {
        (Height, Width, Channels) = (height, width, channels);
        block = NativeBlock.Rent(((nuint)height * (nuint)width * (nuint)channels) + Margin);
    }

    public int Height { get; }

    public int Width { get; }

    public int Channels { get; }

    /// <summary>What this is of a larger picture; null when it is the whole.</summary>
    public SampleGrid? Grid { get; set; }

    public long ByteLength => (long)Height * Width * Channels;

    public byte* Pixels => block.Memory;

    public PixelWindow Window => new(Pixels, Height, Width, Channels, Width * Channels);

    public void Dispose() => block.Dispose();
}
