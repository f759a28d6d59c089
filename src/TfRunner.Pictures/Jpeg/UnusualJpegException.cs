namespace TfRunner.Pictures.Jpeg;

/// <summary>A JPEG file is damaged or of a kind that <see cref="JpegDecoder"/> leaves to libvips, which says what is wrong with it.</summary>
internal sealed class UnusualJpegException(string message) : Exception(message);
