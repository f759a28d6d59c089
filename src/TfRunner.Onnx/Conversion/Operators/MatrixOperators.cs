using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Matrix products and adding of biases.</summary>
internal sealed class MatrixOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // MatMul: matrices, each transposed first where its attribute says so. ONNX: MatMul-13.
        registry.Add(static op => Multiply(op, "transpose_a", "transpose_b"), "MatMul");

        // BatchMatMul: stacks of matrices; V2 broadcasts the leading dimensions as ONNX does. adj_x conjugates, which reals ignore.
        registry.Add(static op => Multiply(op, "adj_x", "adj_y"), "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3");

        registry.Add(BiasAdd, "BiasAdd", "BiasAddV1");
        registry.Add(
            static op => op.Output(op.Emit("Einsum", op.Inputs(), ("equation", op.Attributes.Text("equation")))), "Einsum");
    }

    private static void Multiply(OperatorContext op, string first, string second)
    {
        var a = op.Attributes.Bool(first) ? SwapLast(op, 0) : op.Input(0);
        var b = op.Attributes.Bool(second) ? SwapLast(op, 1) : op.Input(1);
        op.Output(op.Emit("MatMul", [a, b]));
    }

    private static OnnxValue SwapLast(OperatorContext op, int input)
    {
        var permutation = Enumerable.Range(0, op.RankOf(input)).Select(static i => (long)i).ToArray();
        (permutation[^1], permutation[^2]) = (permutation[^2], permutation[^1]);
        return op.Builder.Transpose(op.Input(input), permutation);
    }

    /// <summary>BiasAdd: a vector added along the channels: the last axis, or the second for NCHW.</summary>
    private static void BiasAdd(OperatorContext op)
    {
        var bias = op.Input(1);
        if (op.Attributes.Text("data_format", "NHWC").StartsWith("NC", StringComparison.Ordinal) && op.RankOf(0) > 2)
        {
            bias = op.Builder.Unsqueeze(bias, [.. Enumerable.Range(1, op.RankOf(0) - 2).Select(static i => (long)i)]);
        }

        op.Output(op.Emit("Add", [op.Input(0), bias]));
    }
}
