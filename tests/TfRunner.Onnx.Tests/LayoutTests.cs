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
    public void Batch_normalisation_is_folded_into_the_convolutions() => ConvertedModels.Look(
        "mobilenet_v2", static program => Assert.DoesNotContain("Mul", ConvertedModels.Operators(program)));

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
