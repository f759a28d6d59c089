using NetVips;
using TfRunner.Pictures.Jpeg;

namespace TfRunner.Pictures;

/// <summary>
/// Decodes pictures to 8-bit samples: the usual kinds of JPEG and BMP here, the rest of JPEG, and PNG, WebP, GIF (first frame) and
/// TIFF by libvips. Turns them upright as EXIF says; CMYK becomes RGB, 16 bits become the upper 8, palettes become colours. Colour
/// profiles are not applied.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>A picture with more pixels is more likely an attack than a photograph.</summary>
    public const long MostPixels = 1L << 28;

    private static readonly Lazy<bool> Settings = new(static () =>
    {
        // Pictures are decoded side by side; threads inside one would only hand it about.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;

        // What it warns of comes as an error, which names the file.
        _ = Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
        return true;
    });

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
    /// <exception cref="TfRunnerException">DataLoss for damaged and cut off files; Unimplemented for other formats.</exception>
    public static DecodedPicture Decode(byte[] encoded, string source, PictureRequest? request = null)
    {
        request ??= new();
        var format = FormatOf(encoded);
        if (format == PictureFormat.Bmp)
        {
            return BmpDecoder.Decode(encoded, source);
        }

        if (format == PictureFormat.Unknown)
        {
            throw encoded.Length == 0
                ? TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} is empty")
                : TfRunnerException.ForData(ErrorCode.Unimplemented, $"{source} is no picture that can be decoded", "use JPEG, PNG, WebP, BMP, GIF or TIFF");
        }

        if (format == PictureFormat.Jpeg && request.Transform == JpegTransform.Fast && JpegDecoder.TryDecode(encoded, request) is { } picture)
        {
            return picture;
        }

        try
        {
            _ = Settings.Value;
            using var opened = Open(encoded, format, source, request);
            return ToPicture(opened);
        }
        catch (VipsException e)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source}: {FirstLine(e)}", "the file is damaged or cut off", e);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new TfRunnerException(
                ErrorCode.Unavailable,
                ErrorStage.Data,
                $"pictures cannot be decoded: {e.GetBaseException().Message}",
                "libvips comes with TfRunner for Linux, macOS and Windows; on other systems install libvips 8.18 or later",
                e);
        }
    }

    private static Image Open(byte[] encoded, PictureFormat format, string source, PictureRequest request)
    {
        const Enums.FailOn Strict = Enums.FailOn.Error;
        var image = Image.NewFromBuffer(encoded, access: Enums.Access.Sequential, failOn: Strict);
        if ((long)image.Width * image.Height > MostPixels)
        {
            var error = TfRunnerException.ForData(
                ErrorCode.OutOfRange,
                FormattableString.Invariant($"{source} claims {image.Width} x {image.Height} pixels, and {MostPixels:N0} is the most that is decoded"),
                "scale the picture down first");
            image.Dispose();
            throw error;
        }

        if (request.AtLeast is not null && format is PictureFormat.Jpeg or PictureFormat.WebP)
        {
            var shrink = Orientation(image) >= 5 ? request.Shrink(image.Width, image.Height) : request.Shrink(image.Height, image.Width);
            if (shrink > 1)
            {
                image.Dispose();
                return format == PictureFormat.Jpeg
                    ? Image.JpegloadBuffer(encoded, shrink: shrink, access: Enums.Access.Sequential, failOn: Strict)
                    : Image.WebploadBuffer(encoded, scale: 1.0 / shrink, access: Enums.Access.Sequential, failOn: Strict);
            }
        }

        return image;
    }

    private static int Orientation(Image image) => image.Contains("orientation") ? (int)image.Get("orientation") : 1;

    private static unsafe DecodedPicture ToPicture(Image opened)
    {
        var image = opened;
        var made = new List<Image>();
        DecodedPicture? picture = null;
        try
        {
            if (Orientation(image) > 1)
            {
                // Turning reads out of order.
                Next(image.CopyMemory());
                Next(image.Autorot());
            }

            if (image.Interpretation == Enums.Interpretation.Cmyk)
            {
                Next(image.Colourspace(Enums.Interpretation.Srgb));
            }

            if (image.Format == Enums.BandFormat.Ushort)
            {
                Next(image.Cast(Enums.BandFormat.Uchar, shift: true));
            }
            else if (image.Format != Enums.BandFormat.Uchar)
            {
                Next(image.Colourspace(image.Bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb));
                Next(image.Cast(Enums.BandFormat.Uchar));
            }

            if (image.Bands > 4)
            {
                Next(image.ExtractBand(0, 4));
            }

            picture = new(image.Height, image.Width, image.Bands);
            using var target = Image.NewFromMemory((nint)picture.Pixels, (ulong)picture.ByteLength, image.Width, image.Height, image.Bands, Enums.BandFormat.Uchar);
            image.Write(target);
            return picture;
        }
        catch
        {
            picture?.Dispose();
            throw;
        }
        finally
        {
            made.ForEach(static i => i.Dispose());
        }

        void Next(Image next)
        {
            made.Add(next);
            image = next;
        }
    }

    private static string FirstLine(VipsException e)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        // The first line is a call's name.
        return lines.Length > 1 ? lines[1] : "the picture cannot be decoded";
    }
}
