namespace TfRunner.TensorFlow.Tests;

public sealed class ProfileTests
{
    [Fact]
    public void A_profiled_graph_call_tells_each_op_with_type_and_time()
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor(null, "graph");
        using var image = TensorValue.Zeros(DType.Float32, [1, .. predictor.Signature.Inputs[0].Shape.Dimensions[1..]]);
        predictor.Predict([image], TestContext.Current.CancellationToken);

        var times = predictor.Profile([image]);

        Assert.Contains(times, static t => t.Op.Contains("Conv2D", StringComparison.Ordinal) && t.DurationNanoseconds > 0 && t.Device == "CPU:0");
        Assert.Equal(times.OrderBy(static t => t.StartNanoseconds).Select(static t => t.Name), times.Select(static t => t.Name));
        Assert.Equal(0, times[0].StartNanoseconds);
    }
}
