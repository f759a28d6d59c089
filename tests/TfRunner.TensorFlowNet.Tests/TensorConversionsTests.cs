using CsCheck;
using Tensorflow;
using Tensorflow.NumPy;
using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.TensorFlowNet.Tests;

/// <summary>Tensors cross between TfRunner and TensorFlow.NET with their values, and without copies where memory allows.</summary>
public sealed class TensorConversionsTests
{
    public TensorConversionsTests()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        EngineCatalog.Find("tensorflow.net").Start(NetModels.Options).Dispose();
    }

    public static TheoryData<DType> Numbers => [.. Enum.GetValues<DType>().Where(static d => d.ElementSize() > 0)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Numbers_go_there_and_back_over_the_same_memory(DType dtype)
    {
        using var tensor = Filled(dtype, 2, 3);
        var there = tensor.AsTensor();
        using var back = there.AsTensorValue();

        Assert.Equal(dtype.ToTensorFlowDType(), there.dtype);
        Assert.Equal(tensor.Pointer, there.TensorDataPointer);
        Assert.Equal(tensor.Pointer, back.Pointer);
        Assert.Equal(dtype, back.DType);
        Assert.Equal([2, 3], back.Dimensions.ToArray());
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Arrays_share_memory_as_tensors_do(DType dtype)
    {
        using var tensor = Filled(dtype, 4);
        var array = tensor.AsTensorFlowArray();
        using var back = array.AsTensorValue();

        Assert.Equal(tensor.Pointer, array.data);
        Assert.Equal(tensor.Bytes.ToArray(), back.Bytes.ToArray());
    }

    [Fact]
    public void A_shared_tensor_sees_what_is_written_later()
    {
        using var tensor = TensorValue.From([1f, 2f], 2);
        var there = tensor.AsTensor();
        tensor.AsSpan<float>()[1] = 7;

        Assert.Equal([1f, 7f], there.ToArray<float>());
    }

    [Fact]
    public void The_memory_stays_after_the_tensor_was_disposed()
    {
        var tensor = TensorValue.From([1f, 2f, 3f], 3);
        var there = tensor.AsTensor();
        tensor.Dispose();

        Assert.Equal([1f, 2f, 3f], there.ToArray<float>());
    }

    [Fact]
    public void The_memory_stays_after_the_tensor_of_TensorFlow_NET_was_disposed()
    {
        var there = new Tensor(new[] { 1f, 2f, 3f });
        using var tensor = there.AsTensorValue();
        there.Handle.Dispose();

        Assert.Equal([1f, 2f, 3f], tensor.AsSpan<float>().ToArray());
    }

    [Fact]
    public void The_memory_is_let_go_when_both_are_done()
    {
        var owner = new Owner();
        using var aligned = TensorValue.Zeros(DType.Float32, 4);
        var tensor = TensorValue.Wrap(DType.Float32, aligned.Pointer, 16, owner, 4);
        var there = tensor.AsTensor();
        tensor.Dispose();
        Assert.False(owner.IsDisposed);

        there.Handle.Dispose();
        Assert.True(owner.IsDisposed);
    }

    [Fact]
    public void Memory_that_is_not_aligned_is_copied_and_let_go_at_once()
    {
        using var memory = TensorValue.From([0f, 1f, 2f, 3f], 4);
        var owner = new Owner();
        var tensor = TensorValue.Wrap(DType.Float32, memory.Pointer + 4, 12, owner, 3);
        var there = tensor.AsTensor();
        tensor.Dispose();

        Assert.True(owner.IsDisposed);
        Assert.NotEqual(memory.Pointer + 4, there.TensorDataPointer);
        Assert.Equal([1f, 2f, 3f], there.ToArray<float>());
    }

    [Fact]
    public void Strings_of_any_bytes_and_length_come_back()
    {
        Gen.Byte.Array[0, 60].Array[0, 5].Sample(strings =>
        {
            using var tensor = TensorValue.FromStrings(strings, strings.Length);
            using var back = tensor.AsTensor().AsTensorValue();
            return back.Strings.Length == strings.Length && back.Strings.Zip(strings).All(static p => p.First.AsSpan().SequenceEqual(p.Second));
        });
    }

    [Fact]
    public void Strings_made_by_TensorFlow_NET_arrive()
    {
        using var tensor = new NDArray(new[] { "one", "a text that is longer than what lies within the element" }).AsTensorValue();

        Assert.Equal("one", System.Text.Encoding.UTF8.GetString(tensor.Strings[0]));
        Assert.Equal("a text that is longer than what lies within the element", System.Text.Encoding.UTF8.GetString(tensor.Strings[1]));
    }

    [Theory]
    [InlineData]
    [InlineData(0L)]
    [InlineData(2L, 0L, 3L)]
    [InlineData(1L, 1L, 1L, 1L, 1L)]
    public void Any_shape_goes_there_and_back(params long[] dimensions)
    {
        using var tensor = TensorValue.Zeros(DType.Int64, dimensions);
        using var back = tensor.AsTensor().AsTensorValue();

        Assert.Equal(dimensions, back.Dimensions.ToArray());
    }

    [Fact]
    public void An_eager_result_is_read_where_it_is()
    {
        var sum = Binding.tf.add(new NDArray(new[] { 1f, 2f }), new NDArray(new[] { 3f, 4f }));
        using var tensor = sum.AsTensorValue();

        Assert.Equal([4f, 6f], tensor.AsSpan<float>().ToArray());
    }

    [Fact]
    public void A_tensor_of_a_graph_has_no_value()
    {
        var graph = new Graph();
        ops.set_default_graph(graph);
        try
        {
            Binding.tf.Context.graph_mode();
            var placeholder = Binding.tf.placeholder(TF_DataType.TF_FLOAT, new Shape(2));
            var error = Assert.Throws<TfRunnerException>(() => placeholder.AsTensorValue());
            Assert.Equal(ErrorCode.InvalidArgument, error.Code);
            Assert.Contains("belongs to a graph", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Binding.tf.Context.restore_mode();
            ops.pop_graph();
        }
    }

    [Fact]
    public void An_array_of_TensorFlow_NET_is_predicted_on_without_a_copy()
    {
        using var model = NetModels.Load("digits_cnn");
        using var predictor = model.Predictor("serving_default");
        var shape = predictor.Signature.Inputs[0].Shape.WithBatch(4);
        var input = new NDArray(shape.ToTensorFlowShape(), TF_DataType.TF_FLOAT);
        using var tensor = input.AsTensorValue();
        var result = predictor.Predict([tensor], TestContext.Current.CancellationToken)[0].AsTensorFlowArray();

        Assert.Equal(input.data, tensor.Pointer);
        Assert.Equal(4, result.shape[0]);
    }

    private static TensorValue Filled(DType dtype, params long[] dimensions)
    {
        var tensor = TensorValue.Zeros(dtype, dimensions);
        for (var i = 0; i < tensor.Bytes.Length; i++)
        {
            tensor.Bytes[i] = dtype == DType.Bool ? (byte)(i & 1) : (byte)i;
        }

        return tensor;
    }

    private sealed class Owner : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
