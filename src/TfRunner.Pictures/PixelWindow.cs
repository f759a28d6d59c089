namespace TfRunner.Pictures;

/// <summary>Part of a decoded picture: 8-bit samples, channels last.</summary>
internal readonly unsafe struct PixelWindow(byte* pixels, int height, int width, int channels, int stride)
{
    public byte* Pixels { get; } = pixels;

    public int Height { get; } = height;

    public int Width { get; } = width;

    public int Channels { get; } = channels;

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; } = stride;

    public byte* Row(int y) => Pixels + ((long)y * Stride);

    public PixelWindow Crop(int top, int left, int height, int width) => new(Row(top) + (left * Channels), height, width, Channels, Stride);
}
