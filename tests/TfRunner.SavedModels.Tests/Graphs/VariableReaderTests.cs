using TfRunner.Checkpoints;
using TfRunner.Graphs;

namespace TfRunner.SavedModels.Tests.Graphs;

public sealed class VariableReaderTests
{
    private static readonly string Sliced = Path.Combine(AppContext.BaseDirectory, "Recorded", "sliced");

    [Theory]
    [InlineData("200 3 67,67:-", 67, 3, 201f, 401f)]
    [InlineData("200 3 0,200:1,1", 200, 1, 1f, 598f)]
    [InlineData("200 3 199,1:0,2", 1, 2, 597f, 598f)]
    [InlineData("", 200, 3, 0f, 599f)]
    public void A_part_of_a_partitioned_variable_is_read(string slice, long rows, long columns, float first, float last)
    {
        using var checkpoint = Checkpoint.Open(Sliced);
        using var value = VariableReader.Read(checkpoint, Variable("rows", slice, DType.Float32, TensorShape.Of(rows, columns)));
        Assert.Equal(first, value.AsSpan<float>()[0]);
        Assert.Equal(last, value.AsSpan<float>()[^1]);
    }

    [Theory]
    [InlineData("200 3 150,67:-")]
    [InlineData("200 3 -")]
    [InlineData("200 3 a,b:-")]
    [InlineData("3 0,3")]
    public void A_part_outside_the_tensor_is_refused(string slice)
    {
        using var checkpoint = Checkpoint.Open(Sliced);
        Assert.Equal(ErrorCode.DataLoss, Assert.Throws<TfRunnerException>(() => VariableReader.Read(checkpoint, Variable("rows", slice, DType.Float32, TensorShape.Unknown))).Code);
    }

    [Fact]
    public void A_value_of_another_model_is_refused()
    {
        using var checkpoint = Checkpoint.Open(Sliced);
        var error = Assert.Throws<TfRunnerException>(() => VariableReader.Read(checkpoint, Variable("rows", "", DType.Float32, TensorShape.Of(7))));
        Assert.Contains("float32 [200, 3]", error.Message, StringComparison.Ordinal);
        Assert.Contains("float32 [7]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_without_a_value_is_named()
    {
        using var checkpoint = Checkpoint.Open(Sliced);
        var error = Assert.Throws<TfRunnerException>(() => VariableReader.Read(checkpoint, Variable(null, "", DType.Float32, TensorShape.Scalar)));
        Assert.Equal(ErrorCode.FailedPrecondition, error.Code);
        Assert.Contains("node 'v' (VarHandleOp)", error.Message, StringComparison.Ordinal);
    }

    private static GraphVariable Variable(string? key, string slice, DType dtype, TensorShape shape) =>
        new(new(null, "v", "VarHandleOp"), "", dtype, shape, key, slice, IsRestored: true, IsInitialized: false);
}
