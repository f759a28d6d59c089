namespace TfRunner.Pictures.Jpeg;

/// <summary>One colour component of a frame. Source of the words: ITU-T T.81, annex A.</summary>
internal sealed class JpegComponent(byte id, int h, int v, int quantization)
{
    public byte Id { get; } = id;

    /// <summary>Blocks of an interleaved unit across.</summary>
    public int H { get; } = h;

    /// <summary>Blocks of an interleaved unit down.</summary>
    public int V { get; } = v;

    /// <summary>The slot of the quantization table.</summary>
    public int Quantization { get; } = quantization;

    /// <summary>Samples across, without the padding to whole blocks.</summary>
    public int Width { get; set; }

    /// <summary>Samples down, without the padding to whole blocks.</summary>
    public int Height { get; set; }

    /// <summary>What coefficients are multiplied by, as the component's first scan found it; null before.</summary>
    public ushort[]? Steps { get; set; }

    public int BlocksAcross => (Width + 7) / 8;

    public int BlocksDown => (Height + 7) / 8;
}
