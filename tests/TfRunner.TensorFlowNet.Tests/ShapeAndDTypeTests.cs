using Tensorflow;

namespace TfRunner.TensorFlowNet.Tests;

public sealed class ShapeAndDTypeTests
{
    public static TheoryData<DType> DTypes => [.. Enum.GetValues<DType>()];

    [Theory]
    [MemberData(nameof(DTypes))]
    public void A_dtype_goes_there_and_back(DType dtype) => Assert.Equal(dtype, dtype.ToTensorFlowDType().ToDType());

    [Theory]
    [InlineData(TF_DataType.TF_FLOAT, DType.Float32)]
    [InlineData(TF_DataType.TF_BFLOAT16, DType.BFloat16)]
    [InlineData(TF_DataType.TF_COMPLEX128, DType.Complex128)]
    [InlineData(TF_DataType.DtInt64Ref, DType.Int64)]
    public void A_dtype_of_TensorFlow_NET_is_the_one_of_that_name(TF_DataType theirs, DType ours) => Assert.Equal(ours, theirs.ToDType());

    [Fact]
    public void A_dtype_that_TensorFlow_lacks_is_refused() =>
        Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<TfRunnerException>(() => ((TF_DataType)77).ToDType()).Code);

    [Theory]
    [InlineData("float32", DType.Float32)]
    [InlineData("bool", DType.Bool)]
    [InlineData("string", DType.String)]
    public void A_dtype_is_found_by_its_name_in_Keras(string name, DType dtype) => Assert.Equal(dtype, DTypeConversions.FromKerasName(name));

    [Fact]
    public void A_policy_of_Keras_is_no_dtype() =>
        Assert.Contains("policy", Assert.Throws<TfRunnerException>(() => DTypeConversions.FromKerasName("mixed_bfloat16")).Hint, StringComparison.Ordinal);

    [Theory]
    [InlineData]
    [InlineData(3L)]
    [InlineData(-1L, 28L, 28L, 1L)]
    [InlineData(0L, -1L)]
    public void A_shape_goes_there_and_back(params long[] dimensions)
    {
        var shape = TensorShape.Of(dimensions);

        Assert.Equal(dimensions, shape.ToTensorFlowShape().dims);
        Assert.Equal(shape, shape.ToTensorFlowShape().ToTensorShape());
    }

    [Fact]
    public void An_unknown_rank_is_no_shape_on_the_other_side()
    {
        Assert.True(TensorShape.Unknown.ToTensorFlowShape().IsNull);
        Assert.Equal(TensorShape.Unknown, Shape.Null.ToTensorShape());
        Assert.Equal(TensorShape.Unknown, ((Shape?)null).ToTensorShape());
    }

    [Fact]
    public void Keras_is_told_the_shape_without_the_batch()
    {
        var model = TfRunner.RecordedCases.RecordedModel.Small.FirstOrDefault(static m => m.Name == "digits_cnn");
        Assert.SkipWhen(model is null, TfRunner.RecordedCases.SharedFolder.Absent);
        using var saved = SavedModel.Open(model.SavedModelDirectory);
        var input = saved.Signature("serving_default").Inputs[0];
        var (shape, dtype) = input.ToKerasInput();

        Assert.Equal(input.Shape.Dimensions[1..].ToArray(), shape.dims);
        Assert.Equal(TF_DataType.TF_FLOAT, dtype);
    }
}
