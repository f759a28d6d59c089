using CsCheck;
using TfRunner.Pictures.Jpeg;

namespace TfRunner.Pictures.Tests;

/// <summary>Every way of coding JPEG against TensorFlow's samples, bit by bit.</summary>
public sealed class JpegDecoderTests
{
    private const string Photo = "420_41x50";

    public static TheoryData<string> Files { get; } = [.. RecordedJpeg.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void SamplesAreTensorFlows(string name)
    {
        var expected = RecordedJpeg.Decoded(name);
        var (samples, dimensions) = Decode(RecordedJpeg.File(name), new());
        Assert.Equal(expected.Dimensions.ToArray(), dimensions);
        Assert.Equal(expected.Bytes.ToArray(), samples);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void SomeRowsAndColumnsAreThoseOfTheWhole(string name)
    {
        var (whole, dimensions) = Decode(RecordedJpeg.File(name), new());
        var (height, width, channels) = ((int)dimensions[0], (int)dimensions[1], (int)dimensions[2]);
        int[] rows = [.. Enumerable.Range(0, height).Where(static y => y % 5 is 1 or 2)];
        int[] columns = [.. Enumerable.Range(0, width).Where(static x => x % 9 is 0 or 7)];
        var (some, _) = Decode(RecordedJpeg.File(name), new() { Grid = (h, w) => new(h, w, rows, columns) });
        Assert.Equal(from y in rows from x in columns from c in Enumerable.Range(0, channels) select whole[(((y * width) + x) * channels) + c], some);
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(4, 4)]
    [InlineData(8, 1)]
    public void AScaledDecodeIsNearTheAverage(int shrink, double most)
    {
        var (whole, _) = Decode(RecordedJpeg.File("grey_41x50"), new());
        var (small, dimensions) = Decode(RecordedJpeg.File("grey_41x50"), new() { AtLeast = (41 / shrink, 50 / shrink) });
        Assert.Equal([(41 + shrink - 1) / shrink, (50 + shrink - 1) / shrink, 1], dimensions);
        var differences =
            from y in Enumerable.Range(0, 41 / shrink)
            from x in Enumerable.Range(0, 50 / shrink)
            let pixels = from dy in Enumerable.Range(0, shrink) from dx in Enumerable.Range(0, shrink) select (double)whole[(((y * shrink) + dy) * 50) + (x * shrink) + dx]
            select Math.Abs(pixels.Average() - small[(y * dimensions[1]) + x]);
        Assert.InRange(differences.Average(), 0, most);
    }

    [Fact]
    public void GreyIsTheLuma()
    {
        var (grey, dimensions) = Decode(RecordedJpeg.File(Photo), new() { GreyOnly = true });
        var (colours, _) = Decode(RecordedJpeg.File(Photo), new());
        Assert.Equal([41, 50, 1], dimensions);
        Assert.InRange(grey.Select((g, i) => Math.Abs(g - ((0.299 * colours[3 * i]) + (0.587 * colours[(3 * i) + 1]) + (0.114 * colours[(3 * i) + 2])))).Average(), 0, 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void PicturesAreTurnedUprightAsLibvipsTurnsThem(int orientation)
    {
        var file = WithOrientation(RecordedJpeg.File("444_17x33"), orientation);
        var (ours, dimensions) = Decode(file, new());
        using var theirs = PictureDecoder.Decode(file, "turned", new() { Transform = JpegTransform.Accurate });
        Assert.Equal([theirs.Height, theirs.Width, 3], dimensions);
        Assert.InRange(Samples(theirs).Zip(ours, static (a, b) => Math.Abs(a - b)).Average(), 0, 3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void RowsAndColumnsAreThoseOfTheUprightPicture(int orientation)
    {
        var file = WithOrientation(RecordedJpeg.File(Photo), orientation);
        var (whole, dimensions) = Decode(file, new());
        int[] rows = [3, 4, 20, 39];
        int[] columns = [0, 7, 40];
        var (few, _) = Decode(file, new() { Grid = (h, w) => new(h, w, rows, columns) });
        Assert.Equal(from y in rows from x in columns from c in Enumerable.Range(0, 3) select whole[(((y * dimensions[1]) + x) * 3) + c], few);
    }

    [Fact]
    public void DamagedFilesAreLeftAloneOrDecodedButNeverReadBeyondTheirEnd() =>
        Gen.Select(Gen.Int[0, RecordedJpeg.Names.Count - 1], Gen.Select(Gen.Double.Unit, Gen.Byte).Array[1, 8], Gen.Double.Unit).Sample(
            static (name, changes, cut) =>
            {
                var file = RecordedJpeg.File(RecordedJpeg.Names[name]);
                foreach (var change in changes)
                {
                    file[(int)(change.Item1 * file.Length)] = change.Item2;
                }

                var part = cut < 0.3 ? file[..(int)(cut / 0.3 * file.Length)] : file;
                using var whole = JpegDecoder.TryDecode(part, new());
                using var few = JpegDecoder.TryDecode(part, new() { Grid = static (h, w) => new(h, w, [0, h / 2], [w / 3]) });
                return (whole is null) == (few is null);
            },
            iter: 3000);

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileCutOffAnywhereIsLeftToLibvips(string name)
    {
        var file = RecordedJpeg.File(name);
        Assert.All(Enumerable.Range(1, 20), i => Assert.Null(JpegDecoder.TryDecode(file[..(file.Length * i / 21)], new())));
    }

    [Fact]
    public unsafe void TheTransformIsTheSameWithAndWithoutVectors() =>
        Gen.Select(Gen.Short[-1000, 1000].Array[64], Gen.UShort[1, 60].Array[64]).Sample(static (coefficients, steps) =>
        {
            var factors = new short[64];
            FastTransform.MakeFactors(steps, factors);
            byte* one = stackalloc byte[64], pair = stackalloc byte[128];
            fixed (short* block = coefficients, by = factors)
            {
                FastTransform.One(block, by, one, 8);
                FastTransform.Pair(block, by, pair, 8, block, by, pair + 64, 8);
            }

            var expected = new Span<byte>(one, 64);
            return expected.SequenceEqual(new Span<byte>(pair, 64)) && expected.SequenceEqual(new Span<byte>(pair + 64, 64));
        });

    private static (byte[] Samples, long[] Dimensions) Decode(byte[] file, PictureRequest request)
    {
        using var picture = JpegDecoder.TryDecode(file, request);
        Assert.NotNull(picture);
        return (Samples(picture), [picture.Height, picture.Width, picture.Channels]);
    }

    private static unsafe byte[] Samples(DecodedPicture picture) => new Span<byte>(picture.Pixels, (int)picture.ByteLength).ToArray();

    // Exif with one entry, after the start of the file.
    private static byte[] WithOrientation(byte[] file, int orientation) =>
    [
        .. file[..2], 0xFF, 0xE1, 0, 34, .. "Exif\0\0II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0, .. file[2..],
    ];
}
