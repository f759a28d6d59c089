using TfRunner.Onnx.Conversion;
using TfRunner.Onnx.Conversion.Layout;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Tests;

public sealed class LayoutTests
{
    [Theory]
    [InlineData("digits_cnn")]
    [InlineData("mobilenet_v2")]
    [InlineData("resnet50")]
    [InlineData("efficientnet_b0")]
    public void At_most_the_transpose_at_the_border_remains(string model) => ConvertedModels.Look(
        model, static program => Assert.InRange(ConvertedModels.Operators(program).Count(static o => o == "Transpose"), 0, 2));

    [Fact]
    public void Upsampling_by_repetition_needs_no_transposes() => ConvertedModels.Look(
        "unet_small",
        static program =>
        {
            Assert.Equal(2, ConvertedModels.Operators(program).Count(static o => o == "Transpose"));
            Assert.Single(ConvertedModels.Operators(program), static o => o == "Resize");
            Assert.DoesNotContain("Tile", ConvertedModels.Operators(program));
        });

    [Fact]
    public void Batch_normalisation_is_folded_into_the_convolutions() => ConvertedModels.Look(
        "mobilenet_v2", static program => Assert.DoesNotContain("Mul", ConvertedModels.Operators(program)));

    [Theory]
    [InlineData("GroupNormalization/three", 0)]
    [InlineData("Blocks/gated", 2)]
    [InlineData("Blocks/grouped_norm", 2)]
    public void Layers_over_channels_need_no_transposes_but_at_the_border(string name, int expected)
    {
        using var recorded = OpCaseArchive.Open(name.StartsWith("Blocks", StringComparison.Ordinal) ? "layouts" : "keras_layers", name);
        using var model = SavedModel.Open(recorded.Folder);

        var program = SignatureConverter.Convert(model, model.Signature("serving_default"), new()).Program;

        Assert.Equal(expected, ConvertedModels.Operators(program).Count(static o => o == "Transpose"));
    }

    [Fact]
    public void Transposes_that_meet_cancel()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([2, 3, 4, 5]));
        var inside = builder.Emit("Relu", [builder.Transpose(x, 0, 3, 1, 2)]);
        builder.Output(builder.Transpose(inside, 0, 2, 3, 1), "y");

        LayoutPass.Run(builder);

        Assert.Equal(["Relu", "Identity"], builder.Graph.Nodes.Select(static n => n.Op));
    }

    [Fact]
    public void A_bias_and_an_activation_between_two_layers_over_sequences_are_computed_on_the_picture()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([2, 1, 3, 4]));
        var sum = builder.Emit("Add", [builder.Squeeze(x, 1), builder.Constant(TensorValue.From<float>([1, 2, 3, 4], 4))]);
        var next = builder.Unsqueeze(builder.Emit("Relu", [sum]), 1);
        builder.Output(builder.Emit("Softmax", [next], ("axis", -1L)), "y");

        UnitAxesPass.Run(builder);

        Assert.Equal(["Add", "Relu", "Softmax"], builder.Graph.Nodes.Select(static n => n.Op));
        Assert.Equal([2L, 1, 3, 4], builder.Graph.Nodes[0].Output.Shape!.ToNumbers());
    }

    [Fact]
    public void A_squeeze_that_meets_no_unsqueeze_stays()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([2, 1, 3, 4]));
        var y = builder.Input("z", DType.Float32, SymbolicShape.Of([2]));
        builder.Output(builder.Emit("Softmax", [builder.Emit("Tanh", [builder.Squeeze(x, 1)])], ("axis", 1L)), "y");
        builder.Output(builder.Unsqueeze(y, 0), "u");

        UnitAxesPass.Run(builder);

        Assert.Equal(["Tanh", "Squeeze", "Softmax", "Unsqueeze"], builder.Graph.Nodes.Select(static n => n.Op));
    }

    [Fact]
    public void A_node_that_minds_the_order_gets_its_transpose()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([2, 3]));
        var sum = builder.Emit("Add", [builder.Transpose(x, 1, 0), builder.Constant(TensorValue.From<float>([1, 2], 2))]);
        builder.Output(builder.Reshape(sum, 6), "y");

        LayoutPass.Run(builder);

        Assert.Equal(["Add", "Transpose", "Reshape"], builder.Graph.Nodes.Select(static n => n.Op));
        Assert.Equal([2L, 1L], builder.Graph.Nodes[0].Inputs[1]!.Constant!.Dimensions.ToArray());
    }

    [Theory]
    [InlineData(new long[] { 0, 3, 1, 2 }, new long[] { 1, 2 }, new long[] { 0, 1 })]
    [InlineData(new long[] { 0, 2, 3, 1 }, new long[] { 0 }, new long[] { 1, 2, 0 })]
    public void Dropping_axes_leaves_the_order_of_the_others(long[] permutation, long[] axes, long[] expected) =>
        Assert.Equal(expected, Permutations.Without(permutation, axes));
}
