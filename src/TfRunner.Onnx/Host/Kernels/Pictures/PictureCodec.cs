using NetVips;

namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>
/// Decodes and encodes with libvips, which decodes JPEG by the same library as TensorFlow. Pictures are not turned by their
/// EXIF orientation and colour profiles are not applied, as in TensorFlow.
/// </summary>
internal static class PictureCodec
{
    private const long MostSamples = 1L << 29;

    private static readonly Lazy<bool> Settings = new(static () =>
    {
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        return true;
    });

    /// <summary>Decodes JPEG, PNG, GIF or WebP.</summary>
    /// <param name="call">Names the node in errors.</param>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="allFrames">Whether to decode all frames of an animation.</param>
    /// <param name="shrink">For JPEG: 1, 2, 4 or 8.</param>
    /// <param name="recovers">Whether to take a file that is cut off.</param>
    /// <returns>The picture.</returns>
    public static Picture Decode(HostCall call, byte[] encoded, bool allFrames = false, int shrink = 1, bool recovers = false) => Guard(call, () =>
    {
        var failOn = recovers ? Enums.FailOn.None : Enums.FailOn.Truncated;
        using var opened = shrink > 1
            ? Image.JpegloadBuffer(encoded, shrink: shrink, failOn: failOn)
            : allFrames ? Image.NewFromBuffer(encoded, kwargs: new VOption { { "n", -1 } }, failOn: failOn)
            : Image.NewFromBuffer(encoded, failOn: failOn);
        if ((long)opened.Width * opened.Height * opened.Bands > MostSamples)
        {
            throw call.Invalid(FormattableString.Invariant($"the picture claims {opened.Width} x {opened.Height} pixels, and the limit is {MostSamples} samples"));
        }

        var frames = allFrames && opened.Contains("n-pages") ? (int)opened.Get("n-pages") : 1;
        var isCmyk = opened.Interpretation == Enums.Interpretation.Cmyk;
        var isWide = opened.Format == Enums.BandFormat.Ushort;
        using var plain = opened.Format is Enums.BandFormat.Uchar or Enums.BandFormat.Ushort ? opened.Copy() : opened.Cast(Enums.BandFormat.Uchar);
        var samples = isWide ? plain.WriteToMemory<ushort>() : Array.ConvertAll(plain.WriteToMemory<byte>(), static b => (ushort)b);
        var picture = new Picture(frames, plain.Height / frames, plain.Width, plain.Bands, samples, isWide);
        return isCmyk ? FromInk(picture) : picture;
    });

    /// <summary>Encodes as PNG or JPEG.</summary>
    /// <param name="call">Names the node in errors.</param>
    /// <param name="pixels">The samples' memory: 8 or 16 bits.</param>
    /// <param name="suffix">Such as <c>.png</c>, with libvips' options.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Encode(HostCall call, TensorValue pixels, string suffix) => Guard(call, () =>
    {
        var d = pixels.Dimensions;
        var format = pixels.DType == DType.UInt16 ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar;
        using var raw = Image.NewFromMemory(pixels.Pointer, (ulong)pixels.ByteLength, (int)d[1], (int)d[0], (int)d[2], format);
        var isGrey = d[2] < 3;
        using var image = raw.Copy(interpretation: pixels.DType == DType.UInt16
            ? isGrey ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16
            : isGrey ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        var encoded = image.WriteToBuffer(suffix);
        GC.KeepAlive(pixels);
        return encoded;
    });

    /// <summary>Cyan, magenta, yellow and black as light: what each ink leaves over.</summary>
    private static Picture FromInk(Picture picture)
    {
        var pixels = picture.Samples.Length / 4;
        var result = new ushort[pixels * 3];
        for (var i = 0; i < pixels; i++)
        {
            var black = 255 - picture.Samples[(4 * i) + 3];
            for (var c = 0; c < 3; c++)
            {
                result[(3 * i) + c] = (ushort)(black * (255 - picture.Samples[(4 * i) + c]) / 255);
            }
        }

        return picture with { Channels = 3, Samples = result };
    }

    private static T Guard<T>(HostCall call, Func<T> run)
    {
        try
        {
            _ = Settings.Value;
            return run();
        }
        catch (VipsException e)
        {
            var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Run, $"{call.Op} '{call.Node.Name}': {(lines.Length > 1 ? lines[1] : lines[0])}", "the picture is damaged or cut off", e);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw new TfRunnerException(
                ErrorCode.Unavailable,
                ErrorStage.Run,
                $"{call.Op} '{call.Node.Name}': pictures cannot be decoded: {e.GetBaseException().Message}",
                "libvips comes with TfRunner for Linux, macOS and Windows; on other systems install libvips 8.18 or later",
                e);
        }
    }
}
