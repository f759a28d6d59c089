using NetVips;

namespace TfRunner.Pictures.Tests;

public sealed class PictureDecoderTests
{
    // Two by two: red, green; blue, white.
    private static readonly byte[] Corners = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];

    [Theory]
    [InlineData(".png")]
    [InlineData(".tif")]
    [InlineData(".webp[lossless]")]
    [InlineData(".gif")]
    public void LosslessFormatsGiveTheirPixels(string format)
    {
        using var image = Image.NewFromMemory<byte>(Corners, 2, 2, 3, Enums.BandFormat.Uchar);
        Assert.Equal(Corners, Pixels(image.WriteToBuffer(format)));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    public void BmpGivesItsPixels(int bits) => Assert.Equal(Corners, Pixels(Bmp(bits)));

    [Fact]
    public void ABmpWithAPaletteGivesItsColours()
    {
        var bmp = Bmp(8);
        Assert.Equal(Corners, Pixels(bmp));
    }

    [Fact]
    public void SixteenBitsGiveTheUpperEight()
    {
        using var image = Image.NewFromMemory<ushort>([0x0102, 0xFF00, 0x8080, 0x7FFF], 2, 2, 1, Enums.BandFormat.Ushort);
        using var grey = image.Copy(interpretation: Enums.Interpretation.Grey16);
        Assert.Equal([1, 255, 128, 127], Pixels(grey.PngsaveBuffer()));
    }

    [Theory]
    [InlineData(3, new byte[] { 255, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0 })]
    [InlineData(6, new byte[] { 0, 0, 255, 255, 0, 0, 255, 255, 255, 0, 255, 0 })]
    public void ExifOrientationTurnsThePictureUpright(int orientation, byte[] expected)
    {
        using var image = Image.NewFromMemory<byte>(Corners, 2, 2, 3, Enums.BandFormat.Uchar);
        using var turned = image.Mutate(m => m.Set(GValue.GIntType, "orientation", orientation));
        Assert.Equal(expected, Pixels(turned.TiffsaveBuffer()));
    }

    [Fact]
    public void CmykBecomesRgb()
    {
        using var image = Image.NewFromMemory<byte>([0, 0, 0, 0, 0, 0, 0, 255], 2, 1, 4, Enums.BandFormat.Uchar);
        using var cmyk = image.Copy(interpretation: Enums.Interpretation.Cmyk);
        var pixels = Pixels(cmyk.TiffsaveBuffer());
        Assert.Equal(6, pixels.Length);
        Assert.All(pixels[..3], static p => Assert.InRange(p, 245, 255));
        Assert.All(pixels[3..], static p => Assert.InRange(p, 0, 60));
    }

    [Fact]
    public void ATruncatedJpegIsNamed()
    {
        var whole = RecordedJpeg.Usual.File("420_41x50");
        var error = Assert.Throws<TfRunnerException>(() => PictureDecoder.Decode(whole[..(whole.Length / 2)], PictureSource.File("half.jpg")));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.StartsWith("half.jpg: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFilesAreNoPictures()
    {
        var error = Assert.Throws<TfRunnerException>(() => PictureDecoder.Decode("hello"u8.ToArray(), PictureSource.File("a.txt")));
        Assert.Equal("a.txt is no picture that can be decoded", error.Message);
    }

    private static unsafe byte[] Pixels(byte[] encoded)
    {
        using var picture = PictureDecoder.Decode(encoded, PictureSource.File("test"));
        var pixels = new Span<byte>(picture.Pixels, (int)picture.ByteLength).ToArray();

        // GIF and WebP may come with an alpha channel.
        return picture.Channels == 4 ? [.. pixels.Where(static (_, i) => i % 4 != 3)] : pixels;
    }

    private static byte[] Bmp(int bits)
    {
        var palette = bits == 8 ? 1024 : 0;
        var stride = ((2 * bits) + 31) / 32 * 4;
        var bytes = new byte[54 + palette + (stride * 2)];
        "BM"u8.CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), 54 + palette);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bytes.AsSpan(18), 2);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), 2);
        BitConverter.TryWriteBytes(bytes.AsSpan(26), (short)1);
        BitConverter.TryWriteBytes(bytes.AsSpan(28), (short)bits);
        for (var i = 0; i < 4; i++)
        {
            byte[] colour = [Corners[(i * 3) + 2], Corners[(i * 3) + 1], Corners[i * 3]];
            var row = 54 + palette + (i < 2 ? stride : 0);
            if (bits == 8)
            {
                colour.CopyTo(bytes, 54 + (i * 4));
                bytes[row + (i % 2)] = (byte)i;
            }
            else
            {
                colour.CopyTo(bytes, row + (i % 2 * bits / 8));
            }
        }

        return bytes;
    }
}
