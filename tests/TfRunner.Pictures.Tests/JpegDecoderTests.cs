using CsCheck;
using TfRunner.Pictures.Jpeg;

namespace TfRunner.Pictures.Tests;

/// <summary>Every way of coding JPEG against TensorFlow's samples, bit by bit.</summary>
public sealed class JpegDecoderTests
{
    private const string Photo = "420_41x50";

    public static TheoryData<string> Files { get; } = [.. RecordedJpeg.Usual.Names];

    public static TheoryData<string> FilesOfInks { get; } = [.. RecordedJpeg.Inks.Names];

    public static TheoryData<string> RepeatedFiles { get; } = [.. RecordedJpeg.Repeated.Names];

    public static TheoryData<string> DamagedFiles { get; } = [.. RecordedJpeg.Damaged.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void SamplesAreTensorFlows(string name) => Check(RecordedJpeg.Usual, name, new());

    [Theory]
    [MemberData(nameof(Files))]
    public void ToleranceOfDamageChangesNothingInIntactFiles(string name) => Check(RecordedJpeg.Usual, name, new() { Tolerance = DamageTolerance.CutOff });

    [Theory]
    [MemberData(nameof(FilesOfInks))]
    public void InksBecomeTensorFlowsColours(string name) => Check(RecordedJpeg.Inks, name, new());

    [Theory]
    [MemberData(nameof(RepeatedFiles))]
    public void RepeatedSamplesAreTensorFlows(string name) => Check(RecordedJpeg.Repeated, name, new() { Interpolates = false });

    [Theory]
    [MemberData(nameof(DamagedFiles))]
    public void DamageIsPassedOverAsTensorFlowDoes(string name) => Check(RecordedJpeg.Damaged, name, new() { Tolerance = DamageTolerance.Damaged });

    [Theory]
    [InlineData("444_41x50")]
    [InlineData("422_restarts_41x50")]
    [InlineData("420_progressive_41x50")]
    [InlineData("grey_41x50")]
    public void AFileThatIsCutOffIsTakenOnlyWhenToldSo(string name)
    {
        var file = RecordedJpeg.Usual.File(name);
        var part = file[..(file.Length * 9 / 10)];
        Assert.Null(JpegDecoder.TryDecode(part, new() { Tolerance = DamageTolerance.Damaged }));
        var (_, dimensions) = Decode(part, new() { Tolerance = DamageTolerance.CutOff });
        Assert.Equal(RecordedJpeg.Usual.Decoded(name).Dimensions.ToArray(), dimensions);
    }

    [Fact]
    public void WhatIsThereOfAFileThatIsCutOffIsAsItWasAndTheRestIsGrey()
    {
        var file = RecordedJpeg.Usual.File("grey_41x50");
        var (whole, _) = Decode(file, new());
        var (cut, _) = Decode(file[..(file.Length * 3 / 4)], new() { Tolerance = DamageTolerance.CutOff });
        Assert.Equal(whole[..(16 * 50)], cut[..(16 * 50)]);
        Assert.All(cut[(40 * 50)..], static s => Assert.Equal(128, s));
    }

    [Fact]
    public void APictureMayStayAsItIsStored()
    {
        var file = RecordedJpeg.Usual.File(Photo);
        Assert.Equal(Decode(file, new()).Samples, Decode(WithOrientation(file, 6), new() { IsTurned = false }).Samples);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void SomeRowsAndColumnsAreThoseOfTheWhole(string name)
    {
        var (whole, dimensions) = Decode(RecordedJpeg.Usual.File(name), new());
        var (height, width, channels) = ((int)dimensions[0], (int)dimensions[1], (int)dimensions[2]);
        int[] rows = [.. Enumerable.Range(0, height).Where(static y => y % 5 is 1 or 2)];
        int[] columns = [.. Enumerable.Range(0, width).Where(static x => x % 9 is 0 or 7)];
        var (some, _) = Decode(RecordedJpeg.Usual.File(name), new() { Grid = (h, w) => new(h, w, rows, columns) });
        Assert.Equal(from y in rows from x in columns from c in Enumerable.Range(0, channels) select whole[(((y * width) + x) * channels) + c], some);
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(4, 4)]
    [InlineData(8, 1)]
    public void AScaledDecodeIsNearTheAverage(int shrink, double most)
    {
        var (whole, _) = Decode(RecordedJpeg.Usual.File("grey_41x50"), new());
        var (small, dimensions) = Decode(RecordedJpeg.Usual.File("grey_41x50"), new() { AtLeast = (41 / shrink, 50 / shrink) });
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
        var (grey, dimensions) = Decode(RecordedJpeg.Usual.File(Photo), new() { GreyOnly = true });
        var (colours, _) = Decode(RecordedJpeg.Usual.File(Photo), new());
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
        var file = WithOrientation(RecordedJpeg.Usual.File("444_17x33"), orientation);
        var (ours, dimensions) = Decode(file, new());
        using var theirs = PictureDecoder.Decode(file, PictureSource.File("turned"), new() { Transform = JpegTransform.Accurate });
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
        var file = WithOrientation(RecordedJpeg.Usual.File(Photo), orientation);
        var (whole, dimensions) = Decode(file, new());
        int[] rows = [3, 4, 20, 39];
        int[] columns = [0, 7, 40];
        var (few, _) = Decode(file, new() { Grid = (h, w) => new(h, w, rows, columns) });
        Assert.Equal(from y in rows from x in columns from c in Enumerable.Range(0, 3) select whole[(((y * dimensions[1]) + x) * 3) + c], few);
    }

    [Fact]
    public void DamagedFilesAreLeftAloneOrDecodedButNeverReadBeyondTheirEnd() =>
        Gen.Select(
            Gen.Int[0, RecordedJpeg.Usual.Names.Count - 1],
            Gen.Select(Gen.Double.Unit, Gen.Byte).Array[1, 8],
            Gen.Double.Unit,
            Gen.Enum<DamageTolerance>()).Sample(
            static (name, changes, cut, tolerance) =>
            {
                var file = RecordedJpeg.Usual.File(RecordedJpeg.Usual.Names[name]);
                foreach (var change in changes)
                {
                    file[(int)(change.Item1 * file.Length)] = change.Item2;
                }

                var part = cut < 0.3 ? file[..(int)(cut / 0.3 * file.Length)] : file;
                using var whole = JpegDecoder.TryDecode(part, new() { Tolerance = tolerance });
                using var few = JpegDecoder.TryDecode(part, new() { Tolerance = tolerance, Grid = static (h, w) => new(h, w, [0, h / 2], [w / 3]) });
                return (whole is null) == (few is null);
            },
            iter: 3000);

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileCutOffAnywhereIsLeftToLibvips(string name)
    {
        var file = RecordedJpeg.Usual.File(name);
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

    private static void Check(RecordedJpeg recorded, string name, PictureRequest request)
    {
        var expected = recorded.Decoded(name);
        var (samples, dimensions) = Decode(recorded.File(name), request);
        Assert.Equal(expected.Dimensions.ToArray(), dimensions);
        Assert.Equal(expected.Bytes.ToArray(), samples);
    }

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
