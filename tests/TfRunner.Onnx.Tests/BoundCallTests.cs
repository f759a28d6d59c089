using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.Onnx.Conversion.Shapes;
using TfRunner.Onnx.Execution;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

public sealed class BoundCallTests
{
    [Theory]
    [InlineData("affine", "compiled")]
    [InlineData("digits_cnn", "compiled")]
    [InlineData("lstm_forecast", "compiled")]
    [InlineData("transformer_small", "compiled")]
    [InlineData("affine", "graph")]
    [InlineData("digits_cnn", "graph")]
    [InlineData("lstm_forecast", "graph")]
    [InlineData("transformer_small", "graph")]
    [InlineData("affine", "eager")]
    [InlineData("digits_cnn", "eager")]
    [InlineData("lstm_forecast", "eager")]
    [InlineData("transformer_small", "eager")]
    [InlineData("mobilenet_v2", "eager")]
    public void A_bound_call_allocates_nothing_and_agrees(string model, string mode)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(model).Cases[0];
        using var loaded = Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name, mode);
        var inputs = recorded.Inputs(signature);
        var outputs = recorded.Outputs(signature).Select(static o => TensorValue.Zeros(o.DType, o.Dimensions)).ToArray();
        using var bound = predictor.Bind(inputs, outputs);
        bound.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();

        bound.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Null(recorded.Difference(signature, outputs));
    }

    [Fact]
    public void Bound_strings_are_written_by_every_call()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find("many_signatures").Cases.First(static c => c.Signature == "classify");
        using var loaded = Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name);
        var inputs = recorded.Inputs(signature);
        var outputs = recorded.Outputs(signature)
            .Select(static o => o.IsString ? TensorValue.FromStrings([.. o.Strings.Select(static _ => "?"u8.ToArray())], o.Dimensions) : TensorValue.Zeros(o.DType, o.Dimensions))
            .ToArray();
        using var bound = predictor.Bind(inputs, outputs);

        bound.Run();
        Assert.Null(recorded.Difference(signature, outputs));
        var before = GC.GetAllocatedBytesForCurrentThread();
        bound.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_bound_eager_call_whose_shapes_depend_on_contents_is_right_every_time()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([4]));
        var found = builder.Emit("NonZero", [x]);
        builder.Output(builder.Emit("ReduceSum", [found, builder.Ints(1)], ("keepdims", 0L)), "y");
        var program = new ConvertedProgram { SlotCount = 2 };
        program.Inputs.Add(new("x", DType.Float32, 0));
        program.Outputs.Add(new("y", DType.Int64, 1));
        var step = new OnnxStep(builder.Graph, [0], [1]);
        program.Steps.Add(step);
        var eager = new EagerRunner(step, static bytes => new(bytes), OnnxBuilder.DefaultOpset, "signature");
        using var prepared = new OnnxPrepared(new(program, [eager]), static _ => throw new NotSupportedException());
        using var input = TensorValue.From<float>([1, 0, 0, 1], 4);
        using var output = TensorValue.Zeros(DType.Int64, 1);
        using var bound = prepared.Bind([input], [output]);

        var sums = new List<long>();
        foreach (var row in new float[][] { [1, 0, 0, 1], [0, 1, 1, 1], [1, 0, 0, 1], [0, 0, 0, 0] })
        {
            row.CopyTo(input.AsSpan<float>());
            bound.Run();
            sums.Add(output.AsSpan<long>()[0]);
        }

        Assert.Equal([3, 6, 3, 0], sums);
    }

    [Fact]
    public void Memory_that_was_released_is_taken_again()
    {
        using var memory = new ReusedMemory();
        var (first, at) = memory.Take(100);
        var (second, _) = memory.Take(50);
        memory.Release(first);
        memory.Release(-1);

        Assert.Equal((first, at), memory.Take(80));
        memory.Release(second);
        Assert.NotEqual(second, memory.Take(51).Slab);
        Assert.Equal(second, memory.Take(0).Slab);
        Assert.Equal(201, memory.Bytes);
    }
}
