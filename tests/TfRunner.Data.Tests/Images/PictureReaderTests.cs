using NetVips;
using TfRunner.Data.Images;

namespace TfRunner.Data.Tests.Images;

public sealed class PictureReaderTests
{
    [Theory]
    [InlineData("mobilenet_v2", new[] { 1f, -1f, -1f })]
    [InlineData("resnet50", new[] { -103.939f, -116.779f, 131.32f })]
    [InlineData("densenet121", new[] { 2.2489083f, -2.0357141f, -1.8044444f })]
    [InlineData("efficientnetb0", new[] { 255f, 0f, 0f })]
    [InlineData("scale", new[] { 1f, 0f, 0f })]
    [InlineData("scale:1/256", new[] { 0.99609375f, 0f, 0f })]
    public void PreprocessingIsThatOfKeras(string name, float[] red)
    {
        using var tensor = new PictureReader(new() { Height = 1, Width = 1, Resize = ResizeMethod.Nearest, Preprocess = Preprocessing.Parse(name) }).Read(Red(), "red");
        Assert.All(red.Zip(tensor.AsSpan<float>().ToArray()), static p => Assert.Equal(p.First, p.Second, 1e-4f));
    }

    [Theory]
    [InlineData(1, false, new byte[] { 76 })]
    [InlineData(4, false, new byte[] { 255, 0, 0, 255 })]
    [InlineData(3, true, new byte[] { 255, 0, 0 })]
    public void ChannelsAndLayoutFollowTheOptions(int channels, bool first, byte[] expected)
    {
        using var tensor = new PictureReader(new() { Channels = channels, ChannelsFirst = first, DType = DType.UInt8 }).Read(Red(), "red");
        Assert.Equal(expected, tensor.Bytes.ToArray());
        Assert.Equal(first ? [channels, 1, 1] : [1, 1, channels], tensor.Dimensions.ToArray());
    }

    [Fact]
    public void OptionsComeFromTheSignature()
    {
        var options = PictureOptions.For(new("x", DType.UInt8, TensorShape.Of(-1, 3, 32, -1), string.Empty));
        Assert.True(options.ChannelsFirst);
        Assert.Equal((32, null, 3, DType.UInt8), (options.Height, options.Width, options.Channels, options.DType));
        Assert.Throws<TfRunnerException>(() => PictureOptions.For(new("x", DType.Float32, TensorShape.Of(-1, 7), string.Empty)));
    }

    private static byte[] Red()
    {
        using var image = Image.NewFromMemory<byte>([255, 0, 0], 1, 1, 3, Enums.BandFormat.Uchar);
        return image.PngsaveBuffer();
    }
}
