using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Fusion;
using TfRunner.Onnx.Conversion.Layout;
using static TfRunner.Onnx.Tests.FusedGraphs;

namespace TfRunner.Onnx.Tests;

/// <summary>Means over pictures, and axes that come and go.</summary>
public sealed class ShapeFusionTests
{
    [Fact]
    public void A_reduction_takes_the_axes_along_that_were_added_for_a_convolution() => AssertSame(["ReduceMax"], [2, 1, 5, 3], UnitAxesPass.Run, static (b, x) =>
        b.Emit("ReduceMax", [b.Squeeze(x, 1), b.Ints(1)], ("keepdims", 0L)), "Unsqueeze", "Squeeze");

    [Theory]
    [InlineData(0L, "GlobalAveragePool", "Squeeze")]
    [InlineData(1L, "GlobalAveragePool")]
    public void The_mean_over_a_picture_behind_a_convolution_is_a_pooling(long keepsAxes, params string[] expected) =>
        AssertSame(["Conv", "Relu", .. expected], [2, 3, 4, 4], SpatialMeanFusion.Run, (b, x) =>
            b.Emit("ReduceMean", [b.Emit("Relu", [Convolved(b, x)]), b.Ints(-1, 2)], ("keepdims", keepsAxes)));

    [Fact]
    public void A_mean_over_other_axes_stays() => AssertSame(["Conv", "ReduceMean"], [2, 3, 4, 4], SpatialMeanFusion.Run, static (b, x) =>
        b.Emit("ReduceMean", [Convolved(b, x), b.Ints(1, 2)], ("keepdims", 0L)));

    [Fact]
    public void A_mean_of_what_is_no_picture_stays() => AssertSame(["ReduceMean"], [2, 3, 4, 4], SpatialMeanFusion.Run, static (b, x) =>
        b.Emit("ReduceMean", [x, b.Ints(2, 3)], ("keepdims", 0L)));

    [Fact]
    public void Reshapes_in_a_row_are_one() => AssertSame(["Reshape"], [2, 3, 4], ReshapePass.Run, static (b, x) =>
        b.Unsqueeze(b.Reshape(b.Unsqueeze(x, 1), 2, 12), 0));

    [Fact]
    public void Reshapes_that_end_where_they_began_are_none() => AssertSame(["Relu", "Tanh"], [2, 3, 4], ReshapePass.Run, static (b, x) =>
        b.Emit("Tanh", [b.Reshape(b.Reshape(b.Emit("Relu", [x]), 6, 4), 2, 3, 4)]));

    [Fact]
    public void An_output_that_has_the_shape_of_the_beginning_keeps_its_name() => AssertSame(["Relu", "Reshape"], [2, 3, 4], ReshapePass.Run, static (b, x) =>
        b.Reshape(b.Reshape(b.Emit("Relu", [x]), 6, 4), 2, 3, 4));

    private static OnnxValue Convolved(OnnxBuilder builder, OnnxValue x) => builder.Emit("Conv", [x, Numbers(builder, 1, 5, 3, 2, 2)], ("kernel_shape", new long[] { 2, 2 }));
}
