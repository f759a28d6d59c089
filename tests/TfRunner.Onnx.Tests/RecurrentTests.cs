using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx.Tests;

public sealed class RecurrentTests
{
    [Theory]
    [InlineData("lstm_forecast", "LSTM", 2)]
    [InlineData("gru_bidirectional", "GRU", 2)]
    [InlineData("tfnet_lstm_from_sequential", "LSTM", 1)]
    [InlineData("lstm_seg_thai_small", "LSTM", 2)]
    public void Loops_of_recurrent_layers_become_recurrent_operators(string model, string op, int count) => ConvertedModels.Look(
        model,
        program =>
        {
            Assert.Equal(count, ConvertedModels.Operators(program).Count(o => o == op));
            Assert.DoesNotContain("Loop", ConvertedModels.Operators(program));
            Assert.All(program.Steps, static s => Assert.IsType<OnnxStep>(s));
        });

    [Fact]
    public void Other_loops_become_loops_and_conditionals_conditionals() => ConvertedModels.Look(
        "control_flow",
        static program =>
        {
            Assert.Contains("Loop", ConvertedModels.Operators(program));
            Assert.Contains("If", ConvertedModels.Operators(program));
        });
}
