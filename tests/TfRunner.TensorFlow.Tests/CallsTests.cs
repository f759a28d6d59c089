using TfRunner.RecordedCases;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Tests;

public sealed class CallsTests
{
    [Theory]
    [InlineData("graph", "affine")]
    [InlineData("graph", "digits_cnn")]
    [InlineData("function", "affine")]
    [InlineData("function", "digits_cnn")]
    [InlineData("eager", "affine")]
    [InlineData("eager", "digits_cnn")]
    public void A_bound_call_allocates_nothing_on_the_managed_heap(string mode, string name)
    {
        using var model = NativeModels.Load(name);
        using var predictor = model.Predictor(null, mode);
        var recorded = RecordedModel.Find(name).Cases[0];
        var inputs = recorded.Inputs(predictor.Signature);
        var outputs = recorded.Outputs(predictor.Signature);
        foreach (var output in outputs)
        {
            output.Bytes.Clear();
        }

        using var bound = predictor.Bind(inputs, outputs);
        bound.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            bound.Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(recorded.Difference(predictor.Signature, outputs));
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void A_bound_call_reads_its_inputs_anew(string mode)
    {
        using var model = NativeModels.Load("affine");
        using var predictor = model.Predictor(null, mode);
        using var x = TensorValue.From<float>([1, 2], 2);
        using var reference = TensorValue.From<float>([3, 4], 2);
        using var y = TensorValue.Zeros(DType.Float32, 2);
        x.AsSpan<float>().Clear();
        using var bound = predictor.Bind([x], [y]);
        bound.Run();
        reference.AsSpan<float>().CopyTo(x.AsSpan<float>());
        bound.Run();

        Assert.Equal(predictor.Predict([reference], TestContext.Current.CancellationToken)[0].AsSpan<float>(), y.AsSpan<float>());
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void Memory_that_is_not_aligned_is_copied_by_each_call(string mode)
    {
        using var model = NativeModels.Load("affine");
        using var predictor = model.Predictor(null, mode);
        var memory = new float[20];
        var offset = 1 + (int)(16 - (System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(memory, 0) % 64 / 4)) % 16;
        using var x = TensorValue.Wrap<float>(memory.AsMemory(offset, 2), 2);
        using var y = TensorValue.Zeros(DType.Float32, 2);
        using var bound = predictor.Bind([x], [y]);
        x.AsSpan<float>().Fill(5);
        bound.Run();
        using var aligned = TensorValue.From<float>([5, 5], 2);

        Assert.Equal(predictor.Predict([aligned], TestContext.Current.CancellationToken)[0].AsSpan<float>(), y.AsSpan<float>());
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void A_bound_output_of_another_shape_is_named(string mode)
    {
        using var model = NativeModels.Load("affine");
        using var predictor = model.Predictor(null, mode);
        using var x = TensorValue.From<float>([1, 2], 2);
        using var y = TensorValue.Zeros(DType.Float32, 3);
        using var bound = predictor.Bind([x], [y]);

        var error = Assert.Throws<TfRunnerException>(bound.Run);

        Assert.Contains($"output '{predictor.Signature.Outputs[0].Name}' is float32 [2]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void Counters_persist_between_calls(string mode)
    {
        using var model = NativeModels.Load("counter_stateful");
        using var predictor = model.Predictor(null, mode);
        var inputs = RecordedModel.Find("counter_stateful").Cases[0].Inputs(predictor.Signature);
        var first = predictor.Predict(inputs, TestContext.Current.CancellationToken)[0].Clone();
        var second = predictor.Predict(inputs, TestContext.Current.CancellationToken)[0];
        var third = predictor.Predict(inputs, TestContext.Current.CancellationToken)[0];

        Assert.False(first.Bytes.SequenceEqual(second.Bytes));
        Assert.False(second.Bytes.SequenceEqual(third.Bytes));
    }

    // Not eager: there TensorFlow 2.21's oneDNN Conv2D gives an empty result of a wrong shape, in Python too.
    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    public void An_empty_batch_gives_an_empty_batch(string mode)
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor(null, mode);
        using var empty = TensorValue.Zeros(DType.Float32, [0, .. predictor.Signature.Inputs[0].Shape.Dimensions[1..]]);

        var output = predictor.Predict([empty], TestContext.Current.CancellationToken)[0];

        Assert.Equal(0, output.Dimensions[0]);
        Assert.Equal(2, output.Rank);
    }

    [Fact]
    public void An_empty_batch_gives_an_empty_batch_op_by_op()
    {
        using var model = NativeModels.Load("affine");
        using var predictor = model.Predictor(null, "eager");
        using var empty = TensorValue.Zeros(DType.Float32, 0);

        Assert.Equal([0], predictor.Predict([empty], TestContext.Current.CancellationToken)[0].Dimensions.ToArray());
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void Many_threads_get_their_own_results(string mode)
    {
        using var model = NativeModels.Load("affine");
        using var predictor = model.Predictor(null, mode);
        var one = Scale(predictor, 1) - Scale(predictor, 0);
        var zero = Scale(predictor, 0);

        var wrong = 0;
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (Math.Abs(Scale(predictor, i) - (zero + (one * i))) > 1e-3 * (1 + Math.Abs(one * i)))
            {
                Interlocked.Increment(ref wrong);
            }
        });

        Assert.Equal(0, wrong);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void Nothing_native_is_left_when_a_model_is_disposed(string mode)
    {
        Warm();
        var before = NativeObjects.Live;
        using (var model = NativeModels.Load("text_classifier"))
        {
            var predictor = model.Predictor(null, mode);
            var recorded = RecordedModel.Find("text_classifier").Cases[0];
            var inputs = recorded.Inputs(predictor.Signature);
            foreach (var output in predictor.Predict(inputs, CancellationToken.None))
            {
                output.Dispose();
            }

            using var source = new CancellationTokenSource();
            foreach (var output in predictor.Predict(inputs, source.Token))
            {
                output.Dispose();
            }

            using (predictor.Bind(inputs, recorded.Outputs(predictor.Signature)))
            {
            }

            Assert.True(NativeObjects.Live > before);
        }

        Assert.Equal(before, NativeObjects.Live);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    [InlineData("eager")]
    public void Nothing_native_is_left_when_calls_fail(string mode)
    {
        Warm();
        var before = NativeObjects.Live;
        using (var model = NativeModels.Load("control_flow"))
        using (var predictor = model.Predictor(null, mode))
        using (var n = TensorValue.FromScalar(-1))
        using (var flag = TensorValue.FromScalar(false))
        {
            var inputs = predictor.Signature.Inputs.Select(i => i.DType == DType.Bool ? flag : n).ToArray();
            Assert.Throws<TfRunnerException>(() => predictor.Predict(inputs, CancellationToken.None));
        }

        Assert.Equal(before, NativeObjects.Live);
    }

    private static float Scale(Predictor predictor, float value)
    {
        using var x = TensorValue.From<float>([value], 1);
        using var y = predictor.Predict([x])[0];
        return y.AsSpan<float>()[0];
    }

    // What is made once per process is not what is counted.
    private static void Warm()
    {
        using (NativeModels.Load("affine"))
        {
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
