using TfRunner.Pictures;

namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>A decoded picture, or the frames of one.</summary>
/// <param name="Frames">The number of frames; 1 for a still picture.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.</param>
/// <param name="Samples">Frame by frame, row by row; 8-bit samples from 0 to 255, 16-bit ones to 65535.</param>
/// <param name="IsWide">Whether samples have 16 bits.</param>
internal sealed record Picture(int Frames, int Height, int Width, int Channels, ushort[] Samples, bool IsWide)
{
    /// <summary>A picture as it was decoded.</summary>
    /// <param name="decoded">The picture; stays the caller's.</param>
    /// <returns>The picture.</returns>
    public static unsafe Picture From(DecodedPicture decoded)
    {
        var count = (int)(decoded.ByteLength / (decoded.IsWide ? 2 : 1));
        var samples = new ushort[count];
        if (decoded.IsWide)
        {
            new ReadOnlySpan<ushort>(decoded.Pixels, count).CopyTo(samples);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                samples[i] = decoded.Pixels[i];
            }
        }

        return new(decoded.Frames, decoded.Height, decoded.Width, decoded.Channels, samples, decoded.IsWide);
    }

    /// <summary>The picture with another number of channels, as libpng and libjpeg convert them.</summary>
    /// <param name="channels">1 to 4; 0 keeps them.</param>
    /// <returns>The picture.</returns>
    public Picture WithChannels(int channels)
    {
        if (channels == 0 || channels == Channels)
        {
            return this;
        }

        var pixels = Samples.Length / Channels;
        var result = new ushort[pixels * channels];
        var opaque = IsWide ? ushort.MaxValue : (ushort)byte.MaxValue;
        for (var i = 0; i < pixels; i++)
        {
            var from = Samples.AsSpan(i * Channels, Channels);
            var to = result.AsSpan(i * channels, channels);
            var alpha = Channels is 2 or 4 ? from[^1] : opaque;
            if (channels >= 3)
            {
                (to[0], to[1], to[2]) = Channels >= 3 ? (from[0], from[1], from[2]) : (from[0], from[0], from[0]);
            }
            else
            {
                to[0] = Channels >= 3 ? Grey(from) : from[0];
            }

            if (channels is 2 or 4)
            {
                to[^1] = alpha;
            }
        }

        return this with { Channels = channels, Samples = result };
    }

    /// <summary>The luminance of ITU-R BT.601, in the 16-bit fixed point of the JPEG library.</summary>
    private static ushort Grey(ReadOnlySpan<ushort> rgb) => (ushort)(((rgb[0] * 19595L) + (rgb[1] * 38470L) + (rgb[2] * 7471L) + 32768) >> 16);

    /// <summary>The picture with 8-bit samples: the upper halves.</summary>
    /// <returns>The picture.</returns>
    public Picture Narrow() => IsWide ? this with { Samples = Array.ConvertAll(Samples, static s => (ushort)(s >> 8)), IsWide = false } : this;

    /// <summary>The picture with 16-bit samples: each byte twice.</summary>
    /// <returns>The picture.</returns>
    public Picture Widen() => IsWide ? this : this with { Samples = Array.ConvertAll(Samples, static s => (ushort)(s * 257)), IsWide = true };
}
