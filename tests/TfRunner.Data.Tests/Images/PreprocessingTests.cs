using NetVips;
using TfRunner.Data.Images;

namespace TfRunner.Data.Tests.Images;

/// <summary>Keras's named preprocessings against its own preprocess_input.</summary>
public sealed class PreprocessingTests
{
    public static TheoryData<string> Modules { get; } = [.. RecordedPictures.Preprocessed.Keys.Where(static k => k != "source")];

    [Theory]
    [MemberData(nameof(Modules))]
    public void SamplesAreThoseOfPreprocessInput(string module) => Check(module, channelsFirst: false);

    [Theory]
    [MemberData(nameof(Modules))]
    public void ChannelsMayComeFirst(string module) => Check(module, channelsFirst: true);

    [Theory]
    [InlineData("MobileNetV2")]
    [InlineData("EfficientNetB0")]
    [InlineData("EfficientNetV2S")]
    [InlineData("ConvNeXtTiny")]
    [InlineData("DenseNet121")]
    [InlineData("InceptionResNetV2")]
    [InlineData("InceptionV3")]
    [InlineData("MobileNetV3Large")]
    [InlineData("NASNetMobile")]
    [InlineData("ResNet50V2")]
    [InlineData("ResNet152")]
    [InlineData("VGG16")]
    [InlineData("Xception")]
    public void NamesOfModelsAreKnownAsKerasWritesThem(string model) => Assert.NotNull(Preprocessing.Parse(model));

    [Fact]
    public void AnUnknownNameIsAnsweredWithTheKnownOnes()
    {
        var error = Assert.Throws<TfRunnerException>(static () => Preprocessing.Parse("alexnet"));
        Assert.Contains("mobilenet_v2", error.Hint, StringComparison.Ordinal);
    }

    private static void Check(string module, bool channelsFirst)
    {
        var source = RecordedPictures.Preprocessed["source"];
        var expected = RecordedPictures.Preprocessed[module].AsSpan<float>().ToArray();
        using var image = Image.NewFromMemory<byte>(source.Bytes.ToArray(), (int)source.Dimensions[1], (int)source.Dimensions[0], 3, Enums.BandFormat.Uchar);
        var options = new PictureOptions { Preprocess = Preprocessing.Parse(module), ChannelsFirst = channelsFirst };
        using var tensor = new PictureReader(options).Read(image.PngsaveBuffer(), module);
        var made = tensor.AsSpan<float>().ToArray();
        var pixels = made.Length / 3;
        Assert.All(expected.Select((value, i) => (value, Made: channelsFirst ? made[((i % 3) * pixels) + (i / 3)] : made[i])), static p => Assert.Equal(p.value, p.Made, 2e-5f));
    }
}
