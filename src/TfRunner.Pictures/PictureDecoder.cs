using TfRunner.Pictures.Jpeg;

namespace TfRunner.Pictures;

/// <summary>
/// Decodes pictures: the usual kinds of JPEG and BMP here, the rest of JPEG, and PNG, WebP, GIF and TIFF by libvips. Inks and
/// palettes become colours. Colour profiles are not applied.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>The encoding, from the first bytes.</summary>
    public static PictureFormat FormatOf(ReadOnlySpan<byte> encoded) => encoded switch
    {
        [0xFF, 0xD8, 0xFF, ..] => PictureFormat.Jpeg,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => PictureFormat.Png,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => PictureFormat.WebP,
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => PictureFormat.Gif,
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => PictureFormat.Tiff,
        [(byte)'B', (byte)'M', ..] => PictureFormat.Bmp,
        _ => PictureFormat.Unknown,
    };

    /// <summary>Decodes a picture.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="source">What to name in errors.</param>
    /// <param name="request">What is wanted; null for the whole picture.</param>
    /// <returns>1 to 4 channels: grey, grey and alpha, RGB, RGBA. The caller disposes it.</returns>
    /// <exception cref="TfRunnerException">As <paramref name="source"/> says for damaged and too large pictures; Unimplemented for other formats.</exception>
    public static DecodedPicture Decode(byte[] encoded, PictureSource source, PictureRequest? request = null)
    {
        request ??= new();
        return FormatOf(encoded) switch
        {
            PictureFormat.Bmp => BmpDecoder.Decode(encoded, source.Name),
            PictureFormat.Unknown => throw (encoded.Length == 0
                ? source.Error(source.Damaged, " is empty")
                : source.Error(ErrorCode.Unimplemented, " is no picture that can be decoded", "use JPEG, PNG, WebP, BMP, GIF or TIFF")),
            // libvips rounds the sizes of scaled pictures otherwise.
            PictureFormat.Jpeg when (request.Transform == JpegTransform.Fast || request.Ratio > 1) && JpegDecoder.TryDecode(encoded, request) is { } picture => picture,
            var format => LibvipsDecoder.Decode(encoded, format, source, request),
        };
    }
}
