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

    private static TensorValue Images()
    {
        var random = new Random(7);
        var shape = new long[] { 4, 8, 8, 1 };
        return TensorValue.From<float>([.. Enumerable.Range(0, 256).Select(_ => random.NextSingle())], shape);
    }
}
