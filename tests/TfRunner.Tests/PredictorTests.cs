using TfRunner.Tests.Engines;

namespace TfRunner.Tests;

public sealed class PredictorTests
{
    private static readonly Signature TwoInputs = new(
        "serving_default",
        string.Empty,
        [new("ids", DType.Int64, TensorShape.Of(-1), "ids:0"), new("x", DType.Float32, TensorShape.Of(-1, 2), "x:0")],
        [new("ids", DType.Int64, TensorShape.Of(-1), "o:0"), new("x", DType.Float32, TensorShape.Of(-1, 2), "o:1")]);

    private readonly RecordingSignature prepared = new();

    [Fact]
    public void Inputs_by_name_reach_the_engine_in_the_signatures_order()
    {
        using var predictor = Predictor();
        var outputs = predictor.Predict(new Dictionary<string, TensorValue>
        {
            ["x"] = TensorValue.From([1f, 2f], 1, 2),
            ["ids"] = TensorValue.From([7L], 1),
        });
        Assert.Equal(7, outputs["ids"].AsSpan<long>()[0]);
        Assert.Equal([1f, 2f], outputs["x"].AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData("x", DType.Float64, 2, "input 'x' of signature 'serving_default' must be float32, not float64")]
    [InlineData("x", DType.Float32, 3, "input 'x' of signature 'serving_default' must have shape [?, 2], not [1, 3]")]
    [InlineData("y", DType.Float32, 2, "signature 'serving_default' has no input 'y'")]
    public void What_does_not_fit_the_signature_is_named_before_anything_runs(string name, DType dtype, int width, string message)
    {
        using var predictor = Predictor();
        var inputs = new Dictionary<string, TensorValue> { ["ids"] = TensorValue.From([7L], 1), [name] = TensorValue.Zeros(dtype, 1, width) };
        var error = Assert.Throws<TfRunnerException>(() => predictor.Predict(inputs));
        Assert.Equal((message, ErrorCode.InvalidArgument, ErrorStage.Data), (error.Message, error.Code, error.Stage));
        Assert.Equal(0, prepared.Runs);
    }

    [Fact]
    public void A_missing_input_is_named_with_what_it_should_be()
    {
        using var predictor = Predictor();
        var error = Assert.Throws<TfRunnerException>(() => predictor.Predict(new Dictionary<string, TensorValue>()));
        Assert.Contains("needs input 'ids' (ids: int64 [?])", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_token_keeps_the_call_from_running()
    {
        using var predictor = Predictor();
        TensorValue[] inputs = [TensorValue.From([7L], 1), TensorValue.Zeros(DType.Float32, 1, 2)];
        Assert.Throws<OperationCanceledException>(() => predictor.Predict(inputs, new CancellationToken(canceled: true)));
        Assert.Equal(0, prepared.Runs);
    }

    [Fact]
    public void A_disposed_predictor_refuses_calls_and_has_disposed_what_it_held()
    {
        var predictor = Predictor();
        predictor.Dispose();
        predictor.Dispose();
        Assert.True(prepared.IsDisposed);
        TensorValue[] inputs = [TensorValue.From([7L], 1), TensorValue.Zeros(DType.Float32, 1, 2)];
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict(inputs));
    }

    [Fact]
    public void A_bound_call_reads_and_writes_the_memory_it_was_given_and_allocates_nothing()
    {
        var one = new Signature("s", string.Empty, [TwoInputs.Inputs[1]], [TwoInputs.Outputs[1]]);
        using var predictor = new Predictor(one, "test", "graph", prepared);
        using var x = TensorValue.From([1f, 2f], 1, 2);
        using var y = TensorValue.Zeros(DType.Float32, 1, 2);
        using var bound = predictor.Bind([x], [y]);
        bound.Run();
        x.AsSpan<float>()[0] = 10;
        var before = GC.GetAllocatedBytesForCurrentThread();
        bound.Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([10f, 2f], y.AsSpan<float>().ToArray());
    }

    private Predictor Predictor() => new(TwoInputs, "test", "graph", prepared);
}
