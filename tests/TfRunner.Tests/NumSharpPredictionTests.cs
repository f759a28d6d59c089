using NumSharp;
using TfRunner.Tests.Engines;

namespace TfRunner.Tests;

[Collection("counts copied arrays")]
public sealed class NumSharpPredictionTests
{
    private static readonly Signature TwoInputs = new(
        "serving_default",
        string.Empty,
        [new("ids", DType.Int64, TensorShape.Of(-1), "ids:0"), new("x", DType.Float32, TensorShape.Of(-1, 2), "x:0")],
        [new("ids", DType.Int64, TensorShape.Of(-1), "o:0"), new("x", DType.Float32, TensorShape.Of(-1, 2), "o:1")]);

    private RecordingSignature prepared = new();

    [Fact]
    public void Arrays_by_name_give_arrays_by_name()
    {
        using var predictor = Predictor(TwoInputs);
        var outputs = predictor.Predict(new Dictionary<string, NDArray> { ["x"] = X(1, 2), ["ids"] = Ids(7) });
        Assert.Equal([7L], outputs["ids"].ToArray<long>());
        Assert.Equal([1f, 2], outputs["x"].ToArray<float>());
    }

    [Fact]
    public void Arrays_in_order_give_arrays_in_order()
    {
        using var predictor = Predictor(TwoInputs);
        var outputs = predictor.Predict([Ids(7), X(1, 2)]);
        Assert.Equal([1L, 2], outputs[1].shape);
        Assert.Equal([1f, 2], outputs[1].ToArray<float>());
    }

    [Fact]
    public unsafe void Aligned_arrays_reach_the_engine_where_they_are()
    {
        using var predictor = Predictor(TwoInputs);
        var ids = NumSharpConversions.AlignedZeros(DType.Int64, 3);
        var x = NumSharpConversions.AlignedZeros(DType.Float32, 3, 2);
        var before = NumSharpConversions.CopiedArrays;
        Array.ForEach(predictor.Predict([ids, x]), static o => o.Dispose());
        Assert.Equal([(IntPtr)ids.Unsafe.Address, (IntPtr)x.Unsafe.Address], prepared.Addresses);
        Assert.Equal(before, NumSharpConversions.CopiedArrays);
    }

    [Fact]
    public void Unaligned_and_strided_arrays_are_copied_once_each()
    {
        using var predictor = Predictor(TwoInputs);
        var before = NumSharpConversions.CopiedArrays;
        var outputs = predictor.Predict([NumSharpConversions.AlignedZeros(DType.Int64, 3)["1:"], X(1, 2, 3, 4).T]);
        Assert.Equal(before + 2, NumSharpConversions.CopiedArrays);
        Assert.All(prepared.Addresses, static a => Assert.Equal(0, a % TensorValue.Alignment));
        Assert.Equal([1f, 3, 2, 4], outputs[1].ToArray<float>());
    }

    [Fact]
    public unsafe void A_call_that_can_be_left_early_copies_its_inputs_itself_so_an_unaligned_array_is_not_copied_before_and_counted_once()
    {
        using var predictor = Predictor(OneInput);
        using var cancellation = new CancellationTokenSource();
        using var x = Unaligned();
        var before = NumSharpConversions.CopiedArrays;
        predictor.Predict([x], cancellation.Token)[0].Dispose();
        Assert.Equal((IntPtr)((float*)x.Unsafe.Address + x.Shape.Offset), Assert.Single(prepared.Addresses));
        Assert.Equal(before + 1, NumSharpConversions.CopiedArrays);
    }

    [Fact]
    public unsafe void A_signature_that_keeps_its_inputs_copies_them_itself()
    {
        prepared = new() { TakesAligned = false };
        using var predictor = Predictor(OneInput);
        using var x = Unaligned();
        var before = NumSharpConversions.CopiedArrays;
        predictor.Predict([x])[0].Dispose();
        Assert.Equal((IntPtr)((float*)x.Unsafe.Address + x.Shape.Offset), Assert.Single(prepared.Addresses));
        Assert.Equal(before + 1, NumSharpConversions.CopiedArrays);
    }

    [Fact]
    public void What_does_not_fit_the_signature_is_named()
    {
        using var predictor = Predictor(TwoInputs);
        var error = Assert.Throws<TfRunnerException>(() => predictor.Predict([Ids(7), X(1, 2).astype(NPTypeCode.Double)]));
        Assert.Equal("input 'x' of signature 'serving_default' must be float32, not float64", error.Message);
    }

    [Theory]
    [InlineData(DType.String)]
    [InlineData(DType.BFloat16)]
    public void A_signature_whose_output_NumSharp_cannot_hold_is_refused_before_it_runs(DType dtype)
    {
        using var predictor = Predictor(new("s", string.Empty, [TwoInputs.Inputs[1]], [new("out", dtype, TensorShape.Of(-1), "o:0")]));
        var error = Assert.Throws<TfRunnerException>(() => predictor.Predict([X(1, 2)]));
        Assert.Equal(ErrorCode.Unimplemented, error.Code);
        Assert.Contains($"output 'out' of signature 's' is {dtype.Name()}", error.Message, StringComparison.Ordinal);
        Assert.Contains("TensorValue", error.Hint, StringComparison.Ordinal);
        Assert.Equal(0, prepared.Runs);
    }

    [Theory]
    [InlineData(DType.String)]
    [InlineData(DType.Complex64)]
    [InlineData(DType.QInt8)]
    public void A_signature_that_NumSharp_cannot_feed_is_not_bound_nor_profiled(DType dtype)
    {
        using var predictor = Predictor(new("s", string.Empty, [new("in", dtype, TensorShape.Of(-1), "i:0")], [TwoInputs.Outputs[1]]));
        var bound = Assert.Throws<TfRunnerException>(() => predictor.Bind([X(1, 2)], [X(1, 2)]));
        var profiled = Assert.Throws<TfRunnerException>(() => predictor.Profile([X(1, 2)]));
        Assert.Contains($"input 'in' of signature 's' is {dtype.Name()}", bound.Message, StringComparison.Ordinal);
        Assert.Equal((bound.Message, bound.Hint), (profiled.Message, profiled.Hint));
    }

    [Fact]
    public void A_bound_call_reads_and_writes_the_arrays_and_allocates_nothing()
    {
        using var predictor = Predictor(OneInput);
        var (x, y) = (X(1, 2), NumSharpConversions.AlignedZeros(DType.Float32, 1, 2));
        using var bound = predictor.Bind([x], [y]);
        bound.Run();
        x[0, 0] = 10f;
        var before = GC.GetAllocatedBytesForCurrentThread();
        bound.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([10f, 2], y.ToArray<float>());
    }

    [Fact]
    public void An_unaligned_array_that_is_bound_is_counted_at_each_run()
    {
        using var predictor = Predictor(OneInput);
        using var bound = predictor.Bind([Unaligned()], [NumSharpConversions.AlignedZeros(DType.Float32, 1, 2)]);
        var (arrays, bytes) = (NumSharpConversions.CopiedArrays, NumSharpConversions.CopiedBytes);
        bound.Run();
        bound.Run();
        Assert.Equal((arrays + 2, bytes + 16), (NumSharpConversions.CopiedArrays, NumSharpConversions.CopiedBytes));
    }

    [Fact]
    public void Aligned_arrays_that_are_bound_are_not_copied()
    {
        using var predictor = Predictor(OneInput);
        using var bound = predictor.Bind([NumSharpConversions.AlignedZeros(DType.Float32, 1, 2)], [NumSharpConversions.AlignedZeros(DType.Float32, 1, 2)]);
        var before = NumSharpConversions.CopiedArrays;
        bound.Run();
        Assert.Equal(before, NumSharpConversions.CopiedArrays);
    }

    [Fact]
    public void An_array_that_cannot_be_written_is_not_bound_as_an_output()
    {
        using var predictor = Predictor(OneInput);
        using var row = np.array([1f, 2f]);
        using var repeated = np.broadcast_to(row, new Shape(3, 2));
        var error = Assert.Throws<TfRunnerException>(() => predictor.Bind([X(1, 2)], [repeated]));
        Assert.Contains("the array for output 'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_array_is_not_bound()
    {
        using var predictor = Predictor(OneInput);
        var x = X(1, 2);
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Bind([x], [X(0, 0)]));
    }

    [Fact]
    public void A_bound_call_outlives_its_arrays()
    {
        using var predictor = Predictor(OneInput);
        var (x, y) = (X(1, 2), NumSharpConversions.AlignedZeros(DType.Float32, 1, 2));
        using var bound = predictor.Bind([x], [y]);
        var result = y.view();
        x.Dispose();
        y.Dispose();
        bound.Run();
        Assert.Equal([1f, 2], result.ToArray<float>());
    }

    [Fact]
    public void A_strided_array_is_not_bound()
    {
        using var predictor = Predictor(OneInput);
        var error = Assert.Throws<TfRunnerException>(() => predictor.Bind([X(1, 2, 3, 4).T["0:1"]], [X(0, 0)]));
        Assert.Contains("the array for input 'x' is strided", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_array_is_refused()
    {
        using var predictor = Predictor(OneInput);
        var x = X(1, 2);
        x.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict([x]));
    }

    private static Signature OneInput => new("s", string.Empty, [TwoInputs.Inputs[1]], [TwoInputs.Outputs[1]]);

    /// <summary>One row of X, 8 bytes past a boundary.</summary>
    private static NDArray Unaligned() => NumSharpConversions.AlignedZeros(DType.Float32, 2, 2)["1:"];

    private static NDArray Ids(params long[] values) => np.array(values);

    private static NDArray X(params float[] values) => np.array(values).reshape(values.Length / 2, 2);

    private Predictor Predictor(Signature signature) => new(signature, "test", "graph", prepared);
}
