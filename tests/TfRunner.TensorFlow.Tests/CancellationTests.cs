using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Tests;

/// <summary>control_flow loops n times, so a large n is a long call.</summary>
public sealed class CancellationTests
{
    private const int Long = 3_000_000;

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public async Task A_token_ends_a_call_early_and_nothing_is_left_over(string mode)
    {
        var before = NativeObjects.Live;
        using (var model = NativeModels.Load("control_flow"))
        {
            var predictor = model.Predictor(null, mode);
            var inputs = Inputs(predictor, Long);
            using var source = new CancellationTokenSource();
            var call = Task.Run(() => predictor.Predict(inputs, source.Token), TestContext.Current.CancellationToken);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

            // The caller may free the inputs at once; disposing the model waits for what still runs.
            Array.ForEach(inputs, static i => i.Dispose());
        }

        Assert.Equal(before, NativeObjects.Live);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public async Task Disposing_waits_for_the_calls_in_flight(string mode)
    {
        var model = NativeModels.Load("control_flow");
        var predictor = model.Predictor(null, mode);
        var inputs = Inputs(predictor, 20_000);
        using var started = new ManualResetEventSlim();
        var call = Task.Run(
            () =>
            {
                started.Set();
                return predictor.Predict(inputs, CancellationToken.None);
            },
            TestContext.Current.CancellationToken);
        started.Wait(TestContext.Current.CancellationToken);
        await Task.Yield();
        model.Dispose();

        // Either the call was in, and has its result, or it came too late, and is told so.
        try
        {
            Assert.Single(await call);
        }
        catch (ObjectDisposedException)
        {
        }

        Assert.Throws<ObjectDisposedException>(() => predictor.Predict(inputs, CancellationToken.None));
    }

    private static TensorValue[] Inputs(Predictor predictor, int n) =>
        [.. predictor.Signature.Inputs.Select(i => i.DType == DType.Bool ? TensorValue.FromScalar(false) : TensorValue.FromScalar(n))];
}
