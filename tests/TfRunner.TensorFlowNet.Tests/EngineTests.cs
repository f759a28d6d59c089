using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.TensorFlowNet.Tests;

/// <summary>The tensorflow.net engine keeps the contract that every engine keeps.</summary>
public sealed class EngineTests
{
    public static TheoryData<string> Modes => ["graph", "eager"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_catalogue_finds_it_by_its_name()
    {
        var provider = EngineCatalog.Find("tensorflow.net");

        Assert.Equal(["graph", "eager"], provider.Modes);
        Assert.NotEqual("tensorflow.net", EngineCatalog.Providers[0].Name);
    }

    [Fact]
    public void It_names_the_native_library_and_the_package()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var availability = EngineCatalog.Find("tensorflow.net").Probe(NetModels.Options);

        Assert.True(availability.IsAvailable);
        Assert.StartsWith("2.", availability.Version, StringComparison.Ordinal);
        Assert.Contains("TensorFlow.NET 0.150", availability.Notes[^1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Many_threads_get_the_same_result(string mode)
    {
        using var model = NetModels.Load("digits_cnn");
        using var predictor = model.Predictor("serving_default", mode);
        var inputs = RecordedModel.Find("digits_cnn").Cases[0].Inputs(predictor.Signature);
        using var expected = predictor.Predict(inputs, Token)[0];
        var bytes = expected.Bytes.ToArray();

        await Parallel.ForAsync(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, (_, token) =>
        {
            using var result = predictor.Predict(inputs, token)[0];
            Assert.Equal(bytes, result.Bytes.ToArray());
            return ValueTask.CompletedTask;
        });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_bound_call_writes_where_it_was_told(string mode)
    {
        using var model = NetModels.Load("digits_cnn");
        using var predictor = model.Predictor("serving_default", mode);
        var inputs = RecordedModel.Find("digits_cnn").Cases[0].Inputs(predictor.Signature);
        using var expected = predictor.Predict(inputs, Token)[0];
        using var output = TensorValue.Zeros(expected.DType, expected.Dimensions);
        using var bound = predictor.Bind(inputs, [output]);
        bound.Run();
        bound.Run();

        Assert.Equal(expected.Bytes.ToArray(), output.Bytes.ToArray());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void State_is_kept_between_calls(string mode)
    {
        using var ours = NetModels.Load("counter_stateful", "tensorflow");
        using var theirs = NetModels.Load("counter_stateful");
        var recorded = RecordedModel.Find("counter_stateful").Cases[0];
        using var reference = ours.Predictor(recorded.Signature, mode);
        using var predictor = theirs.Predictor(recorded.Signature, mode);
        var inputs = recorded.Inputs(predictor.Signature);
        for (var call = 0; call < 3; call++)
        {
            var expected = reference.Predict(inputs, Token);
            var actual = predictor.Predict(inputs, Token);
            Assert.Equal(expected.Select(static t => Convert.ToHexString(t.Bytes)), actual.Select(static t => Convert.ToHexString(t.Bytes)));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_failure_has_the_code_and_message_of_the_tensorflow_engine(string mode)
    {
        using var ours = NetModels.Load("jpeg_bytes", "tensorflow");
        using var theirs = NetModels.Load("jpeg_bytes");
        var signature = ours.Signatures.First(static s => s.Inputs is [{ DType: DType.String }]);
        using var reference = ours.Predictor(signature.Name, mode);
        using var predictor = theirs.Predictor(signature.Name, mode);
        using var nonsense = TensorValue.FromStrings([[1, 2, 3]], [.. Enumerable.Repeat(1L, signature.Inputs[0].Shape.Rank)]);

        var expected = Assert.Throws<TfRunnerException>(() => reference.Predict([nonsense], Token));
        var actual = Assert.Throws<TfRunnerException>(() => predictor.Predict([nonsense], Token));
        Assert.Equal(expected.Code, actual.Code);
        Assert.Equal(expected.Message, actual.Message);
    }

    [Fact]
    public void A_mode_that_it_lacks_is_refused_with_those_that_it_has()
    {
        using var model = NetModels.Load("affine");
        var error = Assert.Throws<TfRunnerException>(() => model.Predictor("serving_default", "xla"));

        Assert.Contains("graph, eager", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_are_refused_where_TensorFlow_NET_takes_none()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = Model.Load(
            RecordedModel.Find("affine").SavedModelDirectory,
            new() { Engine = "tensorflow.net", EngineOptions = NetModels.Options with { IntraOpThreads = 1 } });
        model.Predictor("serving_default", "graph").Dispose();

        Assert.Equal(ErrorCode.Unimplemented, Assert.Throws<TfRunnerException>(() => model.Predictor("serving_default", "eager")).Code);
    }

    [Fact]
    public void A_call_can_be_left_early()
    {
        using var model = NetModels.Load("digits_cnn");
        using var predictor = model.Predictor("serving_default", "graph");
        var inputs = RecordedModel.Find("digits_cnn").Cases[0].Inputs(predictor.Signature);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => predictor.Predict(inputs, cancelled.Token));
    }
}
