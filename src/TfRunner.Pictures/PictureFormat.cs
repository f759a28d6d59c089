namespace TfRunner.Pictures;

/// <summary>The encodings that are decoded.</summary>
internal enum PictureFormat
{
    Unknown,
    Jpeg,
    Png,
    WebP,
    Gif,
    Tiff,
    Bmp,
}
