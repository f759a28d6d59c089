using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Conversion.Fusion;
using TfRunner.Onnx.Conversion.Shapes;
using TfRunner.Onnx.Execution;
using TfRunner.Onnx.Protos;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>What of a converted model ONNX Runtime's optimiser makes one operator of.</summary>
public sealed class FusionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-fusion-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("LayerNormalization/last", "LayerNormalization")]
    [InlineData("Transformer/encoder", "LayerNormalization")]
    [InlineData("Blocks/convnext", "LayerNormalization")]
    [InlineData("Transformer/encoder", "Gelu")]
    [InlineData("Blocks/convnext", "BiasGelu")]
    [InlineData("Dense/gelu", "Gelu")]
    [InlineData("Blocks/unet", "Conv")]
    public void Layers_of_Keras_end_as_the_operator(string name, string op)
    {
        using var recorded = OpCaseArchive.Open("keras_layers", name);
        using var model = SavedModel.Open(recorded.Folder);

        Assert.Contains(Optimised(model), o => o.EndsWith(op, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Gelu/erf", "Gelu")]
    [InlineData("Gelu/erfc", "Gelu")]
    [InlineData("Gelu/tanh", "Gelu")]
    public void Each_form_of_gelu_is_one_operator(string name, string op)
    {
        using var recorded = OpCaseArchive.Open("arithmetic", name);
        using var model = SavedModel.Open(recorded.Folder);

        Assert.Equal([op], Optimised(model));
    }

    [Theory]
    [InlineData("Keras3/self")]
    [InlineData("Keras3/no_bias")]
    [InlineData("Keras3/value_size")]
    [InlineData("Keras3/causal")]
    [InlineData("Keras3/padding")]
    [InlineData("Keras3/padding_causal")]
    [InlineData("Keras3/rows_without_any")]
    [InlineData("Keras3/not_a_number")]
    [InlineData("Keras2/self")]
    [InlineData("Keras2/padding")]
    [InlineData("Written/self")]
    [InlineData("Written/scaled_query")]
    [InlineData("Written/padding")]
    [InlineData("Written/added")]
    public void Self_attention_is_one_operator_with_its_projections(string name)
    {
        using var recorded = OpCaseArchive.Open("attention", name);
        using var model = SavedModel.Open(recorded.Folder);

        var operators = Optimised(model);

        Assert.Single(operators, "Attention");
        Assert.DoesNotContain(operators, static o => o is "Softmax" or "Einsum" or "Transpose");
        Assert.InRange(operators.Count(static o => o.EndsWith("MatMul", StringComparison.Ordinal)), 0, 1);
    }

    [Theory]
    [InlineData("Keras3/cross")]
    [InlineData("Keras3/grouped")]
    [InlineData("Keras3/dot")]
    public void Other_attention_without_a_mask_is_one_operator(string name)
    {
        using var recorded = OpCaseArchive.Open("attention", name);
        using var model = SavedModel.Open(recorded.Folder);

        var operators = Optimised(model);

        Assert.Single(operators, "MultiHeadAttention");
        Assert.DoesNotContain(operators, static o => o is "Softmax" or "Einsum" or "Transpose");
    }

    [Theory]
    [InlineData("Keras3/cross_masked")]
    [InlineData("Keras3/grouped_causal")]
    [InlineData("Keras3/two_axes")]
    [InlineData("Keras3/scores")]
    [InlineData("Written/cross")]
    public void Attention_of_other_forms_is_products_of_matrices(string name)
    {
        using var recorded = OpCaseArchive.Open("attention", name);
        using var model = SavedModel.Open(recorded.Folder);

        var operators = Optimised(model);

        Assert.Contains("Softmax", operators);
        Assert.DoesNotContain("Einsum", operators);
    }

    [Theory]
    [InlineData("graph")]
    [InlineData("compiled")]
    public void Attention_of_an_empty_batch_is_empty(string mode)
    {
        using var recorded = OpCaseArchive.Open("attention", "Keras3/self");
        using var model = Model.Load(recorded.Folder, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        using var none = TensorValue.Allocate(DType.Float32, 0, 3, 8);

        using var result = Assert.Single(model.Predictor("serving_default", mode).Predict([none], TestContext.Current.CancellationToken));

        Assert.Equal([0L, 3, 8], result.Dimensions.ToArray());
    }

    [Fact]
    public void A_layer_that_attends_again_keeps_one_copy_of_its_weights()
    {
        using var recorded = OpCaseArchive.Open("attention", "Keras3/shared");
        using var model = SavedModel.Open(recorded.Folder);
        var plain = Path.Combine(folder, "model.onnx");
        OnnxConverter.Convert(model, model.Signature("serving_default")).Save(plain);

        var nodes = ModelProto.Parser.ParseFrom(File.ReadAllBytes(plain)).Graph.Node.Where(static n => n.OpType == "Attention").ToList();

        Assert.Equal(2, nodes.Count);
        Assert.Single(nodes.Select(static n => n.Input[1]).Distinct());
    }

    [Fact]
    public void The_norms_of_a_transformer_are_one_operator_each()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = SavedModel.Open(RecordedModel.Find("transformer_small").SavedModelDirectory);

        var operators = Optimised(model);

        Assert.Contains(operators, static o => o is "LayerNormalization" or "SkipLayerNormalization");
        Assert.DoesNotContain("ReduceMean", operators);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 1)]
    [InlineData(1000, 1)]
    [InlineData(0.1, 0.001)]
    public void The_operator_is_as_exact_as_the_steps_were(float mean, float spread)
    {
        using var recorded = OpCaseArchive.Open("keras_layers", "LayerNormalization/last");
        using var model = Model.Load(recorded.Folder, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = model.SavedModel.Signature("serving_default");
        var input = Assert.Single(recorded.Inputs(signature));
        foreach (ref var v in input.AsSpan<float>())
        {
            v = mean + (spread * v);
        }

        using var fused = Assert.Single(model.Predictor(signature.Name, "compiled").Predict([input], TestContext.Current.CancellationToken));
        using var steps = Assert.Single(model.Predictor(signature.Name, "graph").Predict([input], TestContext.Current.CancellationToken));

        Assert.Null(Agreement.Difference(steps, fused, 1e-3, 1e-3));
    }

    [Fact]
    public void A_norm_over_other_axes_than_the_last_stays_as_it_is()
    {
        var builder = ConvertedModels.Builder();
        var x = builder.Input("x", DType.Float32, SymbolicShape.Of([2, 3, 4]));
        var mean = builder.Emit("ReduceMean", [x, builder.Ints(1)], ("keepdims", 1L));
        var difference = builder.Emit("Sub", [x, mean]);
        var variance = builder.Emit("ReduceMean", [builder.Emit("Mul", [difference, difference]), builder.Ints(1)], ("keepdims", 1L));
        var scale = builder.Emit("Reciprocal", [builder.Emit("Sqrt", [builder.Emit("Add", [variance, builder.Scalar(DType.Float32, 1e-3)])])]);
        var shift = builder.Emit("Mul", [builder.Emit("Neg", [mean]), scale]);
        builder.Output(builder.Emit("Add", [builder.Emit("Mul", [x, scale]), shift]), "y");

        LayerNormalizationFusion.Run(builder);

        Assert.DoesNotContain("LayerNormalization", builder.Graph.Nodes.Select(static n => n.Op));
    }

    /// <summary>The operators that are left when ONNX Runtime has optimised the converted model.</summary>
    private List<string> Optimised(SavedModel model)
    {
        var (plain, optimised) = (Path.Combine(folder, "model.onnx"), Path.Combine(folder, "optimised.onnx"));
        OnnxConverter.Convert(model, model.Signature("serving_default")).Save(plain);
        _ = OrtEnvironment.HasSharedThreads; // Made by a session beside the engine's tests, the environment would have no shared pool.
        using (var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL, OptimizedModelFilePath = optimised })
        {
            options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            using var session = new InferenceSession(plain, options);
        }

        return [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(optimised)).Graph.Node.Select(static n => n.OpType)];
    }
}
