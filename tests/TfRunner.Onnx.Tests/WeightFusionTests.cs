using CsCheck;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Fusion;
using static TfRunner.Onnx.Tests.FusedGraphs;

namespace TfRunner.Onnx.Tests;

/// <summary>What goes into weights and padding: fewer nodes, which give the same numbers.</summary>
public sealed class WeightFusionTests
{
    [Theory]
    [InlineData(1, 4, 6)]
    [InlineData(2, 4, 6)]
    [InlineData(4, 4, 8)]
    public void A_scale_and_a_shift_before_a_convolution_go_into_its_weights(int groups, int channels, int filters) =>
        AssertSame(["Relu", "Conv"], [2, channels, 5, 5], InputAffineFusion.Run, (b, x) =>
        {
            var scaled = b.Emit("Mul", [b.Emit("Relu", [x]), Numbers(b, 1, channels, 1, 1)]);
            var shifted = b.Emit("Add", [Numbers(b, 2, channels, 1, 1), scaled]);
            return b.Emit("Conv", [shifted, Numbers(b, 3, filters, channels / groups, 3, 3), Numbers(b, 4, filters)], ("kernel_shape", new long[] { 3, 3 }), ("group", (long)groups));
        });

    [Fact]
    public void A_difference_and_a_quotient_go_into_the_weights_of_a_convolution_without_a_bias() =>
        AssertSame(["Conv"], [2, 3, 4, 4], InputAffineFusion.Run, static (b, x) =>
        {
            var normal = b.Emit("Div", [b.Emit("Sub", [x, Numbers(b, 1, 3, 1, 1)]), Numbers(b, 2, 3, 1, 1)]);
            return b.Emit("Conv", [normal, Numbers(b, 3, 5, 3, 2, 2)], ("kernel_shape", new long[] { 2, 2 }));
        });

    [Fact]
    public void Where_zeros_are_padded_only_the_scale_goes_into_the_weights()
    {
        AssertSame(["Conv"], [2, 3, 4, 4], InputAffineFusion.Run, static (b, x) => Padded(b, b.Emit("Mul", [x, Numbers(b, 1, 3, 1, 1)])));
        AssertSame(["Add", "Conv"], [2, 3, 4, 4], InputAffineFusion.Run, static (b, x) => Padded(b, b.Emit("Add", [x, Numbers(b, 1, 3, 1, 1)])));
    }

    [Fact]
    public void A_scale_and_a_shift_before_a_layer_go_into_its_weights() => AssertSame(["MatMul", "Add"], [4, 3], InputAffineFusion.Run, static (b, x) =>
    {
        var affine = b.Emit("Add", [b.Emit("Mul", [x, Numbers(b, 1, 3)]), Numbers(b, 2, 3)]);
        return b.Emit("Add", [b.Emit("MatMul", [affine, Numbers(b, 3, 3, 2)]), Numbers(b, 4, 2)]);
    });

    [Fact]
    public void A_large_shift_stays_in_front_since_it_would_cost_precision() => AssertSame(["Sub", "MatMul", "Add"], [4, 3], InputAffineFusion.Run, static (b, x) =>
        b.Emit("Add", [b.Emit("MatMul", [b.Emit("Sub", [x, b.Scalar(DType.Float32, 1000)]), Numbers(b, 3, 3, 2)]), Numbers(b, 4, 2)]));

    [Fact]
    public void What_is_used_elsewhere_too_stays() => AssertSame(["Mul", "MatMul", "Add"], [4, 3], InputAffineFusion.Run, static (b, x) =>
    {
        var scaled = b.Emit("Mul", [x, Numbers(b, 1, 3)]);
        return b.Emit("Add", [b.Emit("MatMul", [scaled, Numbers(b, 3, 3, 3)]), scaled]);
    });

    [Fact]
    public void A_scale_that_makes_the_operand_larger_stays() => AssertSame(["Mul", "MatMul"], [1, 3], InputAffineFusion.Run, static (b, x) =>
        b.Emit("MatMul", [b.Emit("Mul", [b.Reshape(x, 3), Numbers(b, 1, 2, 3)]), Numbers(b, 3, 3, 2)]), "Reshape");

    [Theory]
    [InlineData(0, 2, 3, 1)]
    [InlineData(0, 3, 1, 2)]
    public void The_transpose_before_a_flattened_picture_goes_into_the_matrices(int a, int b, int c, int d)
    {
        long[] permutation = [a, b, c, d];
        AssertSame(["Reshape", "Relu", "MatMul", "MatMul", "Add"], [2, 3, 4, 5], FlattenFusion.Run, (builder, x) =>
        {
            var flat = builder.Reshape(builder.Transpose(x, permutation), 0, 60);
            return builder.Emit("Add", [builder.Emit("MatMul", [builder.Emit("Relu", [flat]), Numbers(builder, 1, 60, 2)]), builder.Emit("MatMul", [flat, Numbers(builder, 2, 60, 2)])]);
        });
    }

    [Fact]
    public void A_flattened_picture_that_more_than_products_take_keeps_its_transpose() =>
        AssertSame(["Transpose", "Reshape", "MatMul", "Add"], [2, 3, 4, 5], FlattenFusion.Run, static (b, x) =>
        {
            var flat = b.Reshape(b.Transpose(x, 0, 2, 3, 1), 0, 60);
            return b.Emit("Add", [b.Emit("MatMul", [flat, Numbers(b, 1, 60, 60)]), flat]);
        });

    [Fact]
    public void A_convolution_pads_what_was_padded_before_axes_were_added_and_moved() =>
        AssertSame(["Unsqueeze", "Transpose", "Conv"], [2, 6, 3], PaddingFusion.Run, static (b, x) =>
        {
            var padded = b.Emit("Pad", [x, b.Ints(0, 2, 0, 0, 1, 0)], ("mode", "constant"));
            return b.Emit(
                "Conv", [b.Transpose(b.Unsqueeze(padded, -3), 0, 3, 1, 2), Numbers(b, 1, 4, 3, 1, 2)], ("kernel_shape", new long[] { 1, 2 }), ("pads", new long[] { 0, 1, 0, 0 }));
        });

    [Theory]
    [InlineData("reflect", 0, 1)]
    [InlineData("constant", 1, 0)]
    [InlineData("constant", 0, -1)]
    public void Padding_that_a_convolution_cannot_do_stays(string mode, long channel, long row) =>
        AssertSame(["Pad", "Conv"], [2, 3, 6, 6], PaddingFusion.Run, (b, x) =>
        {
            var padded = b.Emit("Pad", [x, b.Ints(0, channel, row, 0, 0, 0, 0, 0)], ("mode", mode));
            return b.Emit("Conv", [padded, Numbers(b, 1, 4, 3 + channel, 2, 2)], ("kernel_shape", new long[] { 2, 2 }));
        });

    [Fact]
    public void Padding_with_another_number_than_zero_stays() => AssertSame(["Pad", "Conv"], [2, 3, 6, 6], PaddingFusion.Run, static (b, x) =>
        b.Emit("Conv", [b.Emit("Pad", [x, b.Ints(0, 0, 1, 1, 0, 0, 1, 1), b.Scalar(DType.Float32, 1)]), Numbers(b, 1, 4, 3, 2, 2)], ("kernel_shape", new long[] { 2, 2 })));

    [Fact]
    public void The_bias_of_zeros_goes() => AssertSame(["MatMul"], [4, 3], ZeroBiasFusion.Run, static (b, x) =>
        b.Emit("Add", [b.Emit("MatMul", [x, Numbers(b, 1, 3, 2)]), b.Constant(TensorValue.Zeros(DType.Float32, 2))]));

    [Fact]
    public void Zeros_that_make_more_rows_stay() => AssertSame(["MatMul", "Add"], [1, 3], ZeroBiasFusion.Run, static (b, x) =>
        b.Emit("Add", [b.Emit("MatMul", [x, Numbers(b, 1, 3, 2)]), b.Constant(TensorValue.Zeros(DType.Float32, 4, 2))]));

    [Fact]
    public void Scales_before_grouped_convolutions_of_any_size_give_the_same() =>
        (from groups in Gen.Long[1, 3]
         from own in Gen.Long[1, 3]
         from filters in Gen.Long[1, 3]
         from kernel in Gen.Long[1, 3]
         select (groups, own, filters, kernel)).Sample(
            static c => AssertSame(["Conv"], [2, c.groups * c.own, 4, 4], InputAffineFusion.Run, (b, x) =>
            {
                var affine = b.Emit("Sub", [b.Emit("Mul", [x, Numbers(b, 1, c.groups * c.own, 1, 1)]), Numbers(b, 2, c.groups * c.own, 1, 1)]);
                return b.Emit(
                    "Conv", [affine, Numbers(b, 3, c.groups * c.filters, c.own, c.kernel, c.kernel)], ("kernel_shape", new[] { c.kernel, c.kernel }), ("group", c.groups));
            }),
            iter: 40,
            threads: 1);

    private static OnnxValue Padded(OnnxBuilder builder, OnnxValue x) =>
        builder.Emit("Conv", [x, Numbers(builder, 3, 5, 3, 2, 2)], ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 0, 0 }));
}
