using TfRunner.Diagnosis.Parity;

namespace TfRunner.Diagnosis.Tests.Parity;

public class OutputDifferenceTests
{
    [Fact]
    public void Equal_outputs_do_not_differ() =>
        Assert.Equal(new OutputDifference(0, 0, null, null), Between([1f, float.NaN, float.PositiveInfinity], [1f, float.NaN, float.PositiveInfinity]));

    [Fact]
    public void Small_differences_are_told_and_tolerated()
    {
        var difference = Between([1f, 1000.5f], [1f, 1000f]);
        Assert.Equal(0.5, difference.MaxAbsolute, 6);
        Assert.Equal(0.0005, difference.MaxRelative, 6);
        Assert.Null(difference.Mismatch);
        Assert.Equal("y", difference.Output);
    }

    [Theory]
    [InlineData(1.1f, 1f)]
    [InlineData(float.NaN, 1f)]
    [InlineData(1f, float.NaN)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity)]
    public void What_is_beyond_the_tolerances_names_output_and_element(float actual, float baseline) =>
        Assert.StartsWith("output 'y' differs at element 1: ", Between([0f, actual], [0f, baseline]).Mismatch, StringComparison.Ordinal);

    [Fact]
    public void Integers_must_be_equal() =>
        Assert.NotNull(OutputDifference.Between(Signature(DType.Int32), [TensorValue.From([1_000_001], 1)], [TensorValue.From([1_000_000], 1)], 1e-3, 1e-5).Mismatch);

    [Fact]
    public void Strings_must_be_equal()
    {
        var difference = OutputDifference.Between(Signature(DType.String), [TensorValue.FromStrings(["a", "b"], 2)], [TensorValue.FromStrings(["a", "c"], 2)], 1, 1);
        Assert.Equal("output 'y' differs at element 1", difference.Mismatch);
    }

    [Fact]
    public void Shapes_must_be_equal() =>
        Assert.Equal(
            "output 'y' is float32 [1, 2], not float32 [2]",
            OutputDifference.Between(Signature(DType.Float32), [TensorValue.From([1f, 2f], 1, 2)], [TensorValue.From([1f, 2f], 2)], 1, 1).Mismatch);

    private static OutputDifference Between(float[] actual, float[] baseline) => OutputDifference.Between(
        Signature(DType.Float32), [TensorValue.From(actual, actual.Length)], [TensorValue.From(baseline, baseline.Length)], 1e-3, 1e-5);

    private static Signature Signature(DType dtype) => new("serving_default", string.Empty, [], [new("y", dtype, TensorShape.Unknown, "y:0")]);
}
