namespace TfRunner.Pictures.Jpeg;

/// <summary>A frame header's content.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Progressive">Whether coefficients come in several passes.</param>
/// <param name="Components">One for grey, three for colours, four for inks.</param>
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

    /// <summary>What the components are; known when the first scan begins.</summary>
    public JpegColours Colours { get; set; }

    /// <summary>Whether inks are given by what each leaves over, as Adobe's programs write them.</summary>
    public bool InksAreInverted { get; set; }

    /// <summary>How the picture is to be turned, 1 to 8 as in Exif.</summary>
    public int Orientation { get; init; } = 1;
}
