using TfRunner.Pictures.Jpeg;

namespace TfRunner.Pictures;

/// <summary>What is wanted of a picture. A decoder may give more than that.</summary>
internal sealed record PictureRequest
{
    /// <summary>A picture with more pixels is more likely an attack than a photograph.</summary>
    public const long MostPixels = 1L << 28;

    /// <summary>For a fast decode: the size that is needed. The picture may then be smaller than the file's, but no smaller than this. Null decodes exactly.</summary>
    public (int Height, int Width)? AtLeast { get; init; }

    /// <summary>By how much a JPEG file is scaled down, to libjpeg's samples: 1, 2, 4 or 8.</summary>
    public int Ratio { get; init; } = 1;

    /// <summary>The rows and columns that will be read, by the upright picture's height and width; null for all.</summary>
    public Func<int, int, SampleGrid>? Grid { get; init; }

    /// <summary>Whether colours are not wanted.</summary>
    public bool GreyOnly { get; init; }

    /// <summary>The transform that gives JPEG's samples.</summary>
    public JpegTransform Transform { get; init; }

    /// <summary>Whether JPEG's colours are interpolated where they have fewer samples than the picture; otherwise samples are repeated.</summary>
    public bool Interpolates { get; init; } = true;

    /// <summary>Whether the picture is turned upright as EXIF says.</summary>
    public bool IsTurned { get; init; } = true;

    /// <summary>Whether all frames of a GIF or WebP are decoded; otherwise the first.</summary>
    public bool AllFrames { get; init; }

    /// <summary>Whether samples of 16 bits stay so; otherwise they become the upper 8.</summary>
    public bool KeepsWide { get; init; }

    /// <summary>The most samples that a picture may have.</summary>
    public long MostSamples { get; init; } = long.MaxValue;

    /// <summary>What is made of a damaged file.</summary>
    public DamageTolerance Tolerance { get; init; }

    /// <summary>Whether a picture is small enough.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows, of all frames.</param>
    /// <param name="components">Samples of a pixel.</param>
    public bool Takes(int width, int height, int components) =>
        (long)width * height <= MostPixels && (long)width * height * components <= MostSamples;

    /// <summary>By how much a decoder may shrink a picture: 1, 2, 4 or 8.</summary>
    /// <param name="height">The upright picture's height.</param>
    /// <param name="width">Its width.</param>
    public int Shrink(int height, int width)
    {
        var most = AtLeast is { } size ? Math.Min(height / Math.Max(size.Height, 1), width / Math.Max(size.Width, 1)) : 1;
        return most >= 8 ? 8 : most >= 4 ? 4 : most >= 2 ? 2 : 1;
    }
}
