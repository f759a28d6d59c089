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

    public static IEnumerable<TheoryDataRow<string>> RecurrentLayers() => OpCaseArchive.Rows()
        .Where(static r => r.Data.Item1 == "keras_layers" && r.Data.Item2.Split('/')[0] is "LSTM" or "GRU" or "SimpleRNN" or "RNN" or "ConvLSTM1D" or "ConvLSTM2D" or "ConvLSTM3D")
        .Select(static r => new TheoryDataRow<string>(r.Data.Item2));

    [Theory]
    [MemberData(nameof(RecurrentLayers))]
    public void Recurrent_layers_of_Keras_convert_as_a_whole(string name)
    {
        using var recorded = OpCaseArchive.Open("keras_layers", name);
        using var model = SavedModel.Open(recorded.Folder);

        var converted = OnnxConverter.Convert(model, model.Signature("serving_default"));

        Assert.NotEmpty(converted.Operators);
    }

    [Theory]
    [InlineData("LSTM/recurrent_hard_sigmoid", "LSTM")]
    [InlineData("GRU/recurrent_hard_sigmoid", "GRU")]
    [InlineData("LSTM/activation_hard_sigmoid", "LSTM")]
    [InlineData("LSTM/masked_hard_sigmoid", "LSTM")]
    [InlineData("GRU/activation_elu", "GRU")]
    [InlineData("SimpleRNN/one_unit_hard_sigmoid", "RNN")]
    public void Activations_that_the_operators_have_are_theirs(string name, string op)
    {
        using var recorded = OpCaseArchive.Open("keras_layers", name);
        using var model = SavedModel.Open(recorded.Folder);

        var operators = OnnxConverter.Convert(model, model.Signature("serving_default")).Operators;

        Assert.Equal(1, operators[op]);
        Assert.DoesNotContain("Loop", operators.Keys);
    }

    [Fact]
    public void Other_loops_become_loops_and_conditionals_conditionals() => ConvertedModels.Look(
        "control_flow",
        static program =>
        {
            Assert.Contains("Loop", ConvertedModels.Operators(program));
            Assert.Contains("If", ConvertedModels.Operators(program));
        });
}
