using NetVips;

namespace TfRunner.Pictures;

/// <summary>Encodes pictures by libvips.</summary>
internal static class PictureEncoder
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="source">What errors name.</param>
    /// <param name="pixels">Height x width x channels of uint8 or uint16.</param>
    /// <param name="suffix">Such as <c>.png</c>, with libvips' options.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Encode(PictureSource source, TensorValue pixels, string suffix) => Libvips.Run(source, () =>
    {
        var d = pixels.Dimensions;
        var (isWide, isGrey) = (pixels.DType == DType.UInt16, d[2] < 3);
        var format = isWide ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar;
        using var raw = Image.NewFromMemory(pixels.Pointer, (ulong)pixels.ByteLength, (int)d[1], (int)d[0], (int)d[2], format);
        using var image = raw.Copy(interpretation: isWide
            ? isGrey ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16
            : isGrey ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        var encoded = image.WriteToBuffer(suffix);
        GC.KeepAlive(pixels);
        return encoded;
    });
}
