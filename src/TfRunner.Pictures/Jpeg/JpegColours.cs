namespace TfRunner.Pictures.Jpeg;

/// <summary>What a frame's components are.</summary>
internal enum JpegColours
{
    Grey,
    Rgb,

    /// <summary>Luma and two of chroma.</summary>
    YCbCr,

    /// <summary>Four inks.</summary>
    Cmyk,

    /// <summary>Four inks, the colours of three as luma and chroma.</summary>
    Ycck,
}
