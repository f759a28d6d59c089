using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Matrix products and adding of biases.</summary>
internal sealed class MatrixOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // MatMul: matrices, each transposed first where its attribute says so. ONNX: MatMul-13.
        // SparseMatMul: dense matrices that have many zeros.
        registry.Add(static op => Multiply(op, "transpose_a", "transpose_b"), "MatMul", "SparseMatMul");

        // BatchMatMul: stacks of matrices; V2 broadcasts the leading dimensions as ONNX does, V3 has a
        // result dtype of its own. adj_x conjugates, which reals ignore. ONNX: MatMul-13, MatMulInteger-10.
        registry.Add(static op => Multiply(op, "adj_x", "adj_y"), "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3");

        registry.Add(BiasAdd, "BiasAdd", "BiasAddV1");
        registry.Add(Einsum, "Einsum");
    }

    /// <summary>
    /// Einsum: sums over the labels that the result leaves out. ONNX: Einsum-12, whose dimensions under an ellipsis must be alike, where
    /// TensorFlow broadcasts them.
    /// </summary>
    private static void Einsum(OperatorContext op)
    {
        var equation = op.Attributes.Text("equation");
        var terms = equation.Split("->")[0].Split(',');
        if (equation.Contains("...", StringComparison.Ordinal) && terms.Length > 1 && !HasEqualEllipses(op, terms))
        {
            throw new UnsupportedException("its operands may broadcast under the ellipsis");
        }

        op.Output(op.Emit("Einsum", op.Inputs(), ("equation", equation)));
    }

    private static bool HasEqualEllipses(OperatorContext op, string[] terms)
    {
        var under = new List<SymbolicShape>();
        for (var i = 0; i < terms.Length; i++)
        {
            var term = terms[i].Trim();
            var at = term.IndexOf("...", StringComparison.Ordinal);
            var shape = op.ShapeOf(i);
            var count = shape.Rank - (term.Length - 3);
            if (at >= 0)
            {
                under.Add(new(shape.Dims.Skip(at).Take(count)));
            }
        }

        return under.Count <= 1 || under.Skip(1).All(u => u.SameAs(under[0]));
    }

    private static void Multiply(OperatorContext op, string first, string second)
    {
        var a = op.Attributes.Bool(first) ? SwapLast(op, 0) : op.Input(0);
        var b = op.Attributes.Bool(second) ? SwapLast(op, 1) : op.Input(1);

        // BatchMatMulV3 of 8-bit integers sums in the result's wider dtype.
        var isByte = a.DType is DType.Int8 or DType.UInt8 && b.DType == DType.Int8 && op.OutputType() == DType.Int32;
        op.Output(isByte
            ? op.Emit("MatMulInteger", [a, b])
            : op.Emit("MatMul", op.InputType(0) == op.OutputType() ? [a, b] : [op.Builder.Cast(a, op.OutputCarrier()), op.Builder.Cast(b, op.OutputCarrier())]));
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
