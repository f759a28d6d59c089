using NetVips;

namespace TfRunner.Pictures;

/// <summary>
/// Decodes what libvips decodes: PNG, WebP, GIF and TIFF, and JPEG by the accurate transform. Four inks become the colours that
/// they leave over; colour profiles are not applied.
/// </summary>
internal static class LibvipsDecoder
{
    /// <summary>Decodes a picture.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="format">The encoding.</param>
    /// <param name="source">What errors name.</param>
    /// <param name="request">What is wanted.</param>
    /// <returns>The picture; the caller disposes it.</returns>
    public static DecodedPicture Decode(byte[] encoded, PictureFormat format, PictureSource source, PictureRequest request) => Libvips.Run(source, () =>
    {
        using var opened = Open(encoded, format, source, request);
        return ToPicture(opened, request);
    });

    private static Image Open(byte[] encoded, PictureFormat format, PictureSource source, PictureRequest request)
    {
        var failOn = request.Tolerance switch
        {
            DamageTolerance.None => Enums.FailOn.Error,
            DamageTolerance.Damaged => Enums.FailOn.Truncated,
            _ => Enums.FailOn.None,
        };
        var pages = request.AllFrames && format is PictureFormat.Gif or PictureFormat.WebP ? new VOption { { "n", -1 } } : null;
        var image = Image.NewFromBuffer(encoded, access: Enums.Access.Sequential, failOn: failOn, kwargs: pages);
        if (!request.Takes(image.Width, image.Height, image.Bands))
        {
            var error = source.Error(
                source.TooLarge,
                FormattableString.Invariant($": it claims {image.Width} x {image.Height} pixels, and {Math.Min(PictureRequest.MostPixels, request.MostSamples):N0} is the most that is decoded"),
                "scale the picture down first");
            image.Dispose();
            throw error;
        }

        var shrink = Shrink(image, format, request);
        if (shrink == 1)
        {
            return image;
        }

        image.Dispose();
        return format == PictureFormat.Jpeg
            ? Image.JpegloadBuffer(encoded, shrink: shrink, access: Enums.Access.Sequential, failOn: failOn)
            : Image.WebploadBuffer(encoded, scale: 1.0 / shrink, access: Enums.Access.Sequential, failOn: failOn);
    }

    private static int Shrink(Image image, PictureFormat format, PictureRequest request) => format switch
    {
        PictureFormat.Jpeg when request.Ratio > 1 => request.Ratio,
        PictureFormat.Jpeg or PictureFormat.WebP when Orientation(image) >= 5 => request.Shrink(image.Width, image.Height),
        PictureFormat.Jpeg or PictureFormat.WebP => request.Shrink(image.Height, image.Width),
        _ => 1,
    };

    private static int Orientation(Image image) => image.Contains("orientation") ? (int)image.Get("orientation") : 1;

    private static unsafe DecodedPicture ToPicture(Image opened, PictureRequest request)
    {
        var image = opened;
        var made = new List<Image>();
        DecodedPicture? picture = null;
        try
        {
            var frames = request.AllFrames && image.Contains("n-pages") ? (int)image.Get("n-pages") : 1;
            if (request.IsTurned && Orientation(image) > 1)
            {
                // Turning reads out of order.
                Next(image.CopyMemory());
                Next(image.Autorot());
            }

            var areInks = image.Interpretation == Enums.Interpretation.Cmyk;
            var isWide = image.Format == Enums.BandFormat.Ushort && request.KeepsWide && !areInks;
            if (image.Format == Enums.BandFormat.Ushort && !isWide)
            {
                Next(image.Cast(Enums.BandFormat.Uchar, shift: true));
            }
            else if (image.Format != Enums.BandFormat.Uchar && !isWide)
            {
                Next(image.Colourspace(image.Bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb));
                Next(image.Cast(Enums.BandFormat.Uchar));
            }

            if (image.Bands > 4)
            {
                Next(image.ExtractBand(0, 4));
            }

            picture = new(image.Height / frames, image.Width, image.Bands, frames, isWide);
            using var target = Image.NewFromMemory(
                (nint)picture.Pixels, (ulong)picture.ByteLength, image.Width, image.Height, image.Bands, isWide ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar);
            image.Write(target);
            return areInks && image.Bands == 4 ? Print(picture) : picture;
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

    // libvips gives inks by how much there is of each, whatever the file has.
    private static unsafe DecodedPicture Print(DecodedPicture inks)
    {
        using (inks)
        {
            var printed = new DecodedPicture(inks.Height, inks.Width, 3, inks.Frames);
            var from = inks.Pixels;
            for (var to = printed.Pixels; from < inks.Pixels + inks.ByteLength; from += 4, to += 3)
            {
                var paper = 255 - from[3];
                (to[0], to[1], to[2]) = ((byte)(paper * (255 - from[0]) / 255), (byte)(paper * (255 - from[1]) / 255), (byte)(paper * (255 - from[2]) / 255));
            }

            return printed;
        }
    }
}
