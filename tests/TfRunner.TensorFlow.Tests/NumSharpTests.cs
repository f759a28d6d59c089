using NumSharp;

namespace TfRunner.TensorFlow.Tests;

/// <summary>NumSharp arrays through a real model.</summary>
public sealed class NumSharpTests
{
    [Theory]
    [InlineData("graph")]
    [InlineData("function")]
    public void Arrays_give_what_tensors_give(string mode)
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor(null, mode);
        using var tensor = Images();
        using var expected = predictor.Predict([tensor])[0];
        using var array = tensor.Clone().IntoNDArray();
        var before = NumSharpConversions.CopiedArrays;

        var outputs = predictor.Predict([array]);

        Assert.Equal(before, NumSharpConversions.CopiedArrays);
        Assert.Equal(expected.AsSpan<float>().ToArray(), outputs[0].ToArray<float>());
    }

    [Fact]
    public void Every_other_row_of_an_array_is_copied_once_and_predicted()
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor();
        using var array = Images().IntoNDArray();
        using var rows = array["::2"];
        var all = predictor.Predict([array])[0].ToArray<float>();
        var before = NumSharpConversions.CopiedArrays;

        var some = predictor.Predict([rows])[0];

        Assert.Equal(before + 1, NumSharpConversions.CopiedArrays);
        Assert.Equal([2L, 10], some.shape);
        Assert.Equal(all[20..30], some.ToArray<float>()[10..], static (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unaligned_arrays_are_copied_once_and_counted(bool canBeLeftEarly)
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor();
        using var tensor = Images();
        using var expected = predictor.Predict([tensor])[0];
        using var array = Padded(tensor)["1:"].reshape(new Shape(4, 8, 8, 1));
        using var cancellation = new CancellationTokenSource();
        var (arrays, bytes) = (NumSharpConversions.CopiedArrays, NumSharpConversions.CopiedBytes);

        var output = predictor.Predict([array], canBeLeftEarly ? cancellation.Token : CancellationToken.None)[0];

        Assert.Equal((arrays + 1, bytes + 1024), (NumSharpConversions.CopiedArrays, NumSharpConversions.CopiedBytes));
        Assert.Equal(expected.AsSpan<float>().ToArray(), output.ToArray<float>());
    }

    [Fact]
    public void An_unaligned_array_can_be_bound_and_is_read_anew_by_each_run()
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor();
        using var tensor = Images();
        using var expected = predictor.Predict([tensor])[0];
        using var padded = Padded(tensor);
        using var array = padded["1:"].reshape(new Shape(4, 8, 8, 1));
        using var result = NumSharpConversions.AlignedZeros(DType.Float32, 4, 10);
        using var bound = predictor.Bind([array], [result]);
        var before = NumSharpConversions.CopiedArrays;
        bound.Run();
        Assert.Equal(expected.AsSpan<float>().ToArray(), result.ToArray<float>());

        padded["1:"] = np.zeros(new Shape(256), NPTypeCode.Single);
        bound.Run();
        Assert.NotEqual(expected.AsSpan<float>().ToArray(), result.ToArray<float>());
        Assert.Equal(before + 2, NumSharpConversions.CopiedArrays);
    }

    [Fact]
    public void Arrays_can_be_profiled()
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor();
        using var array = Images().IntoNDArray();
        Assert.Contains(predictor.Profile([array]), static t => t.Op.Contains("Conv2D", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bound_call_works_on_arrays_that_are_gone_elsewhere()
    {
        using var model = NativeModels.Load("digits_cnn");
        using var predictor = model.Predictor();
        using var tensor = Images();
        using var expected = predictor.Predict([tensor])[0];
        var (x, y) = (tensor.Clone().IntoNDArray(), NumSharpConversions.AlignedZeros(DType.Float32, 4, 10));
        using var result = y.view();
        using (var bound = predictor.Bind([x], [y]))
        {
            x.Dispose();
            y.Dispose();
            bound.Run();
        }

        Assert.Equal(expected.AsSpan<float>().ToArray(), result.ToArray<float>());
    }

    /// <summary>The tensor's elements behind one other.</summary>
    private static NDArray Padded(TensorValue tensor) => TensorValue.From<float>([0, .. tensor.AsSpan<float>()], tensor.Length + 1).IntoNDArray();

    private static TensorValue Images()
    {
        var random = new Random(7);
        var shape = new long[] { 4, 8, 8, 1 };
        return TensorValue.From<float>([.. Enumerable.Range(0, 256).Select(_ => random.NextSingle())], shape);
    }
}
