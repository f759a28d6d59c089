using CsCheck;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Rows;
using TfRunner.Onnx.Conversion.Shapes;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

public sealed class RowSplitTests
{
    [Theory]
    [InlineData("digits_cnn")]
    [InlineData("mobilenet_v2")]
    [InlineData("efficientnet_b0")]
    [InlineData("lstm_forecast")]
    public void Rows_of_models_that_treat_them_apart_are_found(string model) => ConvertedModels.Look(
        model, static program => Assert.NotNull(((OnnxStep)Assert.Single(program.Steps)).Split));

    [Fact]
    public void Plain_conversions_are_never_split() => ConvertedModels.Look(
        "mobilenet_v2", static program => Assert.Null(((OnnxStep)Assert.Single(program.Steps)).Split), optimize: false);

    [Fact]
    public void Layers_over_single_rows_keep_rows_apart() => Assert.NotNull(Analyse(static (b, x) => b.Emit("Softmax", [b.Emit("Relu", [x])], ("axis", -1L))));

    [Fact]
    public void A_reshape_that_keeps_rows_together_is_followed() => Assert.NotNull(Analyse(static (b, x) =>
        b.Reshape(b.Emit("MatMul", [b.Reshape(x, -1, 2), Matrix(b)]), -1, 3, 2)));

    [Fact]
    public void A_reshape_across_rows_mixes_them() => Assert.Null(Analyse(static (b, x) => b.Reshape(x, -1, 4)));

    [Fact]
    public void A_mean_over_the_batch_mixes_rows() => Assert.Null(Analyse(static (b, x) =>
        b.Emit("Sub", [x, b.Emit("ReduceMean", [x, b.Ints(0)], ("keepdims", 1L))])));

    [Fact]
    public void A_softmax_over_the_batch_mixes_rows() => Assert.Null(Analyse(static (b, x) => b.Emit("Softmax", [x], ("axis", 0L))));

    [Fact]
    public void A_running_sum_over_the_batch_mixes_rows() => Assert.Null(Analyse(static (b, x) => b.Emit("CumSum", [x, b.Int(0)])));

    [Fact]
    public void The_product_of_a_batch_with_itself_mixes_rows() => Assert.Null(Analyse(static (b, x) =>
    {
        var flat = b.Reshape(x, -1, 6);
        return b.Emit("MatMul", [flat, b.Transpose(flat, 1, 0)]);
    }));

    [Fact]
    public void Computing_with_the_number_of_rows_depends_on_the_batch() => Assert.Null(Analyse(static (b, x) =>
        b.Emit("Div", [x, b.Cast(b.Squeeze(b.DimensionOf(x, 0), 0), DType.Float32)])));

    [Fact]
    public void Numbering_the_rows_depends_on_the_batch() => Assert.Null(Analyse(static (b, x) =>
    {
        var numbers = b.Emit("Range", [b.Int(0), b.Squeeze(b.DimensionOf(x, 0), 0), b.Int(1)]);
        return b.Emit("Add", [x, b.Unsqueeze(b.Cast(numbers, DType.Float32), 1, 2)]);
    }));

    [Fact]
    public void A_constant_with_rows_of_its_own_belongs_to_one_batch_size() => Assert.Null(Analyse(static (b, x) =>
        b.Emit("Add", [x, b.Constant(TensorValue.Zeros(DType.Float32, 4, 3, 2))])));

    [Fact]
    public void Random_numbers_are_drawn_once_for_a_batch() => Assert.Null(Analyse(static (b, x) =>
        b.Emit("Add", [x, b.EmitForeign(string.Empty, "RandomNormal", [(DType.Float32, SymbolicShape.Of([1, 3, 2]))], [], ("shape", new long[] { 1, 3, 2 }))[0]])));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 5)]
    [InlineData(8, 8)]
    [InlineData(9, 5)]
    [InlineData(32, 8)]
    [InlineData(33, 7)]
    public void Parts_are_even_and_small_enough(long rows, long expected) => Assert.Equal(expected, Largest(new RowSplit([true], [null], 8, new(2, 1)).Plan(rows, 1, false)));

    [Fact]
    public void Parts_whose_nodes_the_cores_share_are_larger() => Assert.Equal(30, Largest(new RowSplit([true], [null], 8, new(100, 1)).Plan(60, 2, false)));

    [Fact]
    public void Parts_hold_every_row_once_and_are_shared_evenly() => (from rows in Gen.Long[1, 10_000]
                                                                      from most in Gen.Long[1, 300]
                                                                      from cores in Gen.Int[1, 64]
                                                                      from first in Gen.Long[1, 100]
                                                                      from hasSolo in Gen.Bool
                                                                      select (rows, most, cores, first, hasSolo)).Sample(static c =>
    {
        var plan = new RowSplit([true], [null], c.most, new(c.first, 50)).Plan(c.rows, c.cores, c.hasSolo);
        var counts = Enumerable.Range(0, plan.Parts).Select(plan.Count).ToList();
        Assert.Equal(c.rows, counts.Sum());
        Assert.Equal(0, plan.First(0));
        Assert.All(counts, n => Assert.InRange(n, Math.Max(1, counts.Max() - 1), plan.Cores > 1 ? c.most : 4 * c.most));
        Assert.InRange(plan.Cores, 1, Math.Min(c.cores, plan.Parts));
        Assert.True(plan.Parts % plan.Cores == 0 || plan.Parts == c.rows);
    });

    [Theory]
    [InlineData(2, 2, true, 2)]
    [InlineData(3, 2, true, 1)]
    [InlineData(9, 2, true, 2)]
    [InlineData(9, 2, false, 1)]
    [InlineData(1, 2, true, 1)]
    [InlineData(5, 8, true, 5)]
    public void Rows_of_long_nodes_are_computed_side_by_side_where_no_core_waits_for_another(long rows, int cores, bool hasSolo, int expected) =>
        Assert.Equal(expected, new RowSplit([true], [null], 100, new(2, 1)).Plan(rows, cores, hasSolo).Cores);

    [Theory]
    [InlineData("mobilenet_v2", 5)]
    [InlineData("efficientnet_b0", 3)]
    [InlineData("lstm_forecast", 67)]
    [InlineData("digits_cnn", 65)]
    public void A_batch_in_parts_gives_what_its_rows_give(string model, int rows)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(model).Cases[0];
        using var loaded = Model.Load(
            recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty, IntraOpThreads = 2 } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name);
        using var one = recorded.Inputs(signature)[0];
        using var batch = TensorValue.Allocate(one.DType, [rows, .. one.Dimensions[1..]]);
        for (var row = 0; row < rows; row++)
        {
            batch.CopyRows(one, row % one.Dimensions[0], row, 1);
        }

        using var expected = Assert.Single(predictor.Predict([one]));
        using var unbound = Assert.Single(predictor.Predict([batch]));
        using var output = TensorValue.Zeros(unbound.DType, unbound.Dimensions);
        using var bound = predictor.Bind([batch], [output]);
        bound.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        bound.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        using var repeated = TensorValue.Allocate(output.DType, output.Dimensions);
        for (var row = 0; row < rows; row++)
        {
            repeated.CopyRows(expected, row % expected.Dimensions[0], row, 1);
        }

        Assert.Null(Agreement.Difference(unbound, repeated, recorded.Model.RelativeTolerance, recorded.Model.AbsoluteTolerance));
        Assert.Null(Agreement.Difference(output, repeated, recorded.Model.RelativeTolerance, recorded.Model.AbsoluteTolerance));
    }

    private static long Largest(RowPlan plan) => Enumerable.Range(0, plan.Parts).Max(plan.Count);

    private static RowSplit? Analyse(Func<OnnxBuilder, OnnxValue, OnnxValue> write)
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([-1, 3, 2]));
        builder.Output(write(builder, x), "y");
        return RowAnalysis.Of(builder.Graph);
    }

    private static OnnxValue Matrix(OnnxBuilder builder) => builder.Constant(TensorValue.Zeros(DType.Float32, 2, 2));
}
