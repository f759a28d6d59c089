using TfRunner.Cli.Prediction;

namespace TfRunner.Cli.Tests.Prediction;

public sealed class InputBindingTests
{
    private static readonly Signature TwoInputs = new(
        "serving_default",
        string.Empty,
        [new("ids", DType.Int64, TensorShape.Of(-1), "ids:0"), new("x", DType.Float32, TensorShape.Of(-1, 2), "x:0")],
        [new("y", DType.Float32, TensorShape.Of(-1), "y:0")]);

    [Fact]
    public void One_file_feeds_every_input()
    {
        var binding = Assert.Single(InputBinding.Parse(TwoInputs, ["rows.csv"]));
        Assert.Equal(["ids", "x"], binding.Inputs.Select(static i => i.Name));
        Assert.False(binding.IsLiteral);
    }

    [Fact]
    public void A_file_feeds_what_names_leave_over()
    {
        var bindings = InputBinding.Parse(TwoInputs, ["ids=[1, 2]", "rows.csv"]);
        Assert.True(bindings[0].IsLiteral);
        Assert.Equal(["x"], bindings[1].Inputs.Select(static i => i.Name));
    }

    [Fact]
    public void A_literal_is_read_with_the_inputs_dtype()
    {
        using var tensor = InputBinding.Parse(TwoInputs, ["ids=[1]", "x=[[1, 2.5]]"])[1].ReadArrays(out _)[0];
        Assert.Equal("float32 [1, 2]", tensor.ToString());
        Assert.Equal([1f, 2.5f], tensor.AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData("predict needs --input")]
    [InlineData("signature 'serving_default' has no input 'z' that is still free", "z=[1]")]
    [InlineData("nothing feeds input 'x' (x: float32 [?, 2])", "ids=[1]")]
    [InlineData("--input a.csv and --input b.csv both feed all inputs", "a.csv", "b.csv")]
    public void What_cannot_be_bound_is_named(string message, params string[] inputs)
    {
        var error = Assert.Throws<TfRunnerException>(() => InputBinding.Parse(TwoInputs, inputs));
        Assert.Equal((message, ErrorStage.Usage), (error.Message, error.Stage));
        Assert.NotNull(error.Hint);
    }
}
