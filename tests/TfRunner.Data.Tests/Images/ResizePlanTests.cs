using TfRunner.Data.Images;
using TfRunner.Pictures;

namespace TfRunner.Data.Tests.Images;

/// <summary>Resizing of equal samples against TensorFlow and Keras.</summary>
public sealed class ResizePlanTests
{
    private static readonly Dictionary<string, ResizeMethod> Methods = new(StringComparer.Ordinal)
    {
        ["bilinear"] = ResizeMethod.Bilinear,
        ["bilinear-antialias"] = ResizeMethod.BilinearAntialias,
        ["nearest"] = ResizeMethod.Nearest,
        ["pad"] = ResizeMethod.Pad,
        ["crop-to-aspect"] = ResizeMethod.CropToAspect,
    };

    public static TheoryData<string> Cases { get; } = [.. RecordedPictures.Resized.Keys.Where(static k => k.Contains('.'))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnySizeIsResizedAsTensorFlowDoes(string name)
    {
        var resized = Resize(name, onlyTheGrid: false);
        Assert.All(resized.Zip(RecordedPictures.Resized[name].AsSpan<float>().ToArray()), static p => Assert.Equal(p.Second, p.First, 0.01f));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheGridHoldsAllThatIsRead(string name) => Assert.Equal(Resize(name, onlyTheGrid: false), Resize(name, onlyTheGrid: true));

    private static unsafe float[] Resize(string name, bool onlyTheGrid)
    {
        var parts = name.Split('.');
        var source = RecordedPictures.Resized[parts[0]];
        var expected = RecordedPictures.Resized[name];
        var (height, width, channels) = ((int)source.Dimensions[0], (int)source.Dimensions[1], (int)source.Dimensions[2]);
        var plan = new ResizePlan(height, width, (int)expected.Dimensions[0], (int)expected.Dimensions[1], Methods[parts[1]]);
        int[] rows = [.. (onlyTheGrid ? plan.Grid.Rows : null) ?? Enumerable.Range(0, height)];
        int[] columns = [.. (onlyTheGrid ? plan.Grid.Columns : null) ?? Enumerable.Range(0, width)];
        using var picture = new DecodedPicture(rows.Length, columns.Length, channels);
        var to = picture.Pixels;
        foreach (var y in rows)
        {
            foreach (var x in columns)
            {
                for (var c = 0; c < channels; c++)
                {
                    *to++ = source.Bytes[(((y * width) + x) * channels) + c];
                }
            }
        }

        var resized = new float[expected.Length];
        plan.Run(picture.Window, resized);
        return resized;
    }
}
