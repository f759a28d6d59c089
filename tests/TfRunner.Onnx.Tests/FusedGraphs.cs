using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Graphs of one input and one output, before and after a rewrite.</summary>
internal static class FusedGraphs
{
    /// <summary>Some numbers between -2 and 2, none of them 0.</summary>
    /// <param name="builder">Gets the constant.</param>
    /// <param name="seed">Chooses them.</param>
    /// <param name="dims">The dimensions.</param>
    /// <returns>The constant.</returns>
    public static OnnxValue Numbers(OnnxBuilder builder, int seed, params long[] dims)
    {
        var values = new float[dims.Aggregate(1L, static (n, d) => n * d)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(2 * Math.Sin((seed * 17) + (i * 1.7) + 0.3));
        }

        return builder.Constant(TensorValue.From(values, dims));
    }

    /// <summary>Asserts which operators a rewritten graph has, and that it gives the same numbers as before.</summary>
    /// <param name="operators">The operators, in order.</param>
    /// <param name="dims">The dimensions of the input.</param>
    /// <param name="fuse">Rewrites.</param>
    /// <param name="write">Writes the graph's nodes after the input.</param>
    /// <param name="besides">Operators that may be there too.</param>
    public static void AssertSame(string[] operators, long[] dims, Action<OnnxBuilder> fuse, Func<OnnxBuilder, OnnxValue, OnnxValue> write, params string[] besides)
    {
        var (plain, fused) = (Written(dims, write), Written(dims, write));
        fuse(fused);

        Assert.Equal(operators, fused.Graph.Nodes.Select(static n => n.Op).Where(o => !besides.Contains(o)));
        using var expected = Run(plain, dims);
        using var actual = Run(fused, dims);
        Assert.Null(Agreement.Difference(actual, expected, 1e-4, 1e-4));
    }

    private static OnnxBuilder Written(long[] dims, Func<OnnxBuilder, OnnxValue, OnnxValue> write)
    {
        var builder = ConvertedModels.Builder();
        builder.Output(write(builder, builder.Input("x", DType.Float32, SymbolicShape.Of(dims))), "y");
        return builder;
    }

    private static TensorValue Run(OnnxBuilder builder, long[] dims)
    {
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL };
        using var session = new InferenceSession(new ModelWriter().Write(builder.Graph, OnnxBuilder.DefaultOpset).ToByteArray(), options);
        using var x = OrtValue.CreateTensorValueFromMemory(Numbers(builder, 5, dims).Constant!.AsSpan<float>().ToArray(), dims);
        using var run = new RunOptions();
        using var results = session.Run(run, ["x"], [x], ["y"]);
        return TensorValue.From(results[0].GetTensorDataAsSpan<float>().ToArray(), results[0].GetTensorTypeAndShape().Shape);
    }
}
