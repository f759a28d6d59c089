using TfRunner.Data.Formats.Numpy;
using TfRunner.Data.Images;
using TfRunner.RecordedCases;

namespace TfRunner.Data.Tests.Images;

/// <summary>Photographs against what TensorFlow and Keras made of them.</summary>
public sealed class ReferencePhotosTests
{
    private const int Size = 224;

    [Theory]
    [CombinatorialPhotos]
    public void AResizedPhotographIsTensorFlows(string photo, string reference, ResizeMethod method)
    {
        var samples = reference.StartsWith("tf_", StringComparison.Ordinal) ? PictureArithmetic.TensorFlow : PictureArithmetic.Pillow;
        var (mean, within) = Compare(photo, reference, new() { Height = Size, Width = Size, Resize = method, Arithmetic = samples });
        Assert.True(mean < 0.5, FormattableString.Invariant($"mean difference {mean:0.000}"));
        Assert.True(within >= 0.999, FormattableString.Invariant($"{within:0.00000} within 3"));
    }

    [Theory]
    [InlineData("tf_bilinear", ResizeMethod.Bilinear)]
    [InlineData("tf_bilinear_antialias", ResizeMethod.BilinearAntialias)]
    [InlineData("tf_resize_with_pad", ResizeMethod.Pad)]
    [InlineData("keras_load_img_nearest", ResizeMethod.Nearest)]
    public void TheDefaultsAreThoseOfTheFunctionThatResizesSo(string reference, ResizeMethod method)
    {
        var (mean, within) = Compare("flower", reference, new() { Height = Size, Width = Size, Resize = method });
        Assert.True(mean < 0.5 && within >= 0.999, FormattableString.Invariant($"mean difference {mean:0.000}, {within:0.00000} within 3"));
    }

    [Theory]
    [InlineData("china_4k")]
    [InlineData("flower_4k")]
    public void AFastDecodeStaysNearTheAntialiasedOne(string photo)
    {
        var (mean, _) = Compare(photo, "tf_bilinear_antialias", new() { Height = Size, Width = Size, FastDecode = true });
        Assert.True(mean < 2, FormattableString.Invariant($"mean difference {mean:0.000}"));
    }

    internal static byte[] Photo(string name)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        return File.ReadAllBytes(Path.Combine(SharedFolder.Path!, "data", "photos", name + ".jpg"));
    }

    private static (double Mean, double Within) Compare(string photo, string reference, PictureOptions options)
    {
        using var made = new PictureReader(options).Read(Photo(photo), photo);
        using var archive = NpzReader.Open(Path.Combine(SharedFolder.Path!, "data", "photos", "reference_224.npz"));
        using var expected = archive.Read($"{photo}.{reference}");
        var a = made.AsSpan<float>();
        var b = expected.AsSpan<Half>();
        var sum = 0.0;
        var near = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = Math.Abs(a[i] - (double)b[i]);
            sum += difference;
            near += difference <= 3 ? 1 : 0;
        }

        return (sum / a.Length, (double)near / a.Length);
    }
}
