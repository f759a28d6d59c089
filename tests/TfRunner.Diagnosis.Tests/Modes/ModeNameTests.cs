using TfRunner.Diagnosis.Modes;

namespace TfRunner.Diagnosis.Tests.Modes;

public class ModeNameTests
{
    [Theory]
    [InlineData("onnx:compiled", "onnx:compiled")]
    [InlineData("onnx", "onnx:eager onnx:graph onnx:compiled")]
    [InlineData("compiled, eager", "tensorflow:eager tensorflow:xla onnx:eager onnx:compiled")]
    [InlineData("onnx:graph,onnx", "onnx:eager onnx:graph onnx:compiled")]
    public void Names_choose_modes_in_the_order_of_tables(string text, string modes) =>
        Assert.Equal(modes, string.Join(' ', ModeName.Parse(text)));

    [Fact]
    public void Nothing_named_takes_all() => Assert.Equal(ModeName.All, ModeName.Parse(null));

    [Theory]
    [InlineData("onnx:fast")]
    [InlineData("graph,turbo")]
    public void An_unknown_mode_is_refused_by_name(string text)
    {
        var error = Assert.Throws<TfRunnerException>(() => ModeName.Parse(text));
        Assert.Equal(ErrorStage.Usage, error.Stage);
        Assert.Contains(text.Split(',')[^1], error.Message, StringComparison.Ordinal);
    }
}
