namespace TfRunner.Pictures.Jpeg;

/// <summary>A frame header's content.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Progressive">Whether coefficients come in several passes.</param>
/// <param name="Components">One for grey; three for colours.</param>
internal sealed record JpegFrame(int Width, int Height, bool Progressive, JpegComponent[] Components)
{
    /// <summary>The largest <see cref="JpegComponent.H"/>.</summary>
    public int MostH { get; } = Components.Max(static c => c.H);

    /// <summary>The largest <see cref="JpegComponent.V"/>.</summary>
    public int MostV { get; } = Components.Max(static c => c.V);

    /// <summary>Interleaved units across.</summary>
    public int UnitsAcross => (Width + (MostH * 8) - 1) / (MostH * 8);

    /// <summary>Interleaved units down.</summary>
    public int UnitsDown => (Height + (MostV * 8) - 1) / (MostV * 8);

    /// <summary>Whether the three components are luma and two of chroma; otherwise red, green and blue.</summary>
    public bool HasChroma { get; init; } = true;

    /// <summary>How the picture is to be turned, 1 to 8 as in Exif.</summary>
    public int Orientation { get; init; } = 1;
}
