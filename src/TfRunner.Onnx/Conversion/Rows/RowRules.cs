using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>
/// Which operators keep the rows of a batch apart, and where they leave them. An operator that is not named here mixes them.
/// </summary>
internal static class RowRules
{
    private static readonly Dictionary<string, Func<RowAnalysis, OnnxNode, bool>> Rules = Build(
        (Elementwise, "Relu Clip Sigmoid Tanh LeakyRelu Elu Selu Celu ThresholdedRelu Softplus Softsign HardSigmoid HardSwish Gelu Mish Erf Abs Neg Sqrt Exp Log "
            + "Reciprocal Floor Ceil Round Sign Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh Not IsNaN IsInf Cast Identity Add Sub Mul Div Mod Max "
            + "Min Pow PRelu Where Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitShift Sum Mean"),
        (First, "Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool BatchNormalization InstanceNormalization LRN DepthToSpace SpaceToDepth"),
        (Along, "Softmax LogSoftmax Hardmax ArgMax ArgMin TopK Split"),
        (Reduce, "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp"),
        (static (a, n) => a.RowsOf(n.Inputs[0]) is { } x && Normal(n.Int("axis", -1), n.Inputs[0]!) is { } axis && axis > x.Axis && n.Outputs.Count == 1 && Alone(a, n) && a.Mark(n.Output, x), "LayerNormalization"),
        (static (a, n) => a.RowsOf(n.Inputs[0]) is { } x && Alone(a, n) && Constant(n, 1) is { } axis && Normal(axis[0], n.Inputs[0]!) != x.Axis && a.Mark(n.Output, x), "CumSum"),
        (Resize, "Resize"),
        (Pad, "Pad"),
        (Slice, "Slice"),
        (static (a, n) => a.RowsOf(n.Inputs[0]) is { } x && Alone(a, n) && Constant(n, 1) is { } repeats && repeats[x.Axis] == 1 && a.Mark(n.Output, x), "Tile"),
        (RowShapeRules.Reshape, "Reshape"),
        (RowShapeRules.Expand, "Expand"),
        (RowShapeRules.ConstantOfShape, "ConstantOfShape"),
        (RowShapeRules.Transpose, "Transpose"),
        (RowShapeRules.Unsqueeze, "Unsqueeze"),
        (RowShapeRules.Squeeze, "Squeeze"),
        (RowShapeRules.Concat, "Concat"),
        (RowShapeRules.Gather, "Gather"),
        (RowProductRules.MatMul, "MatMul"),
        (RowProductRules.Gemm, "Gemm"),
        (RowProductRules.Einsum, "Einsum"),
        (RowProductRules.Recurrent, "LSTM GRU RNN"),
        (RowProductRules.Attention, "com.microsoft.Attention com.microsoft.MultiHeadAttention"));

    private static readonly HashSet<string> Random = new(StringComparer.Ordinal)
    {
        "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Multinomial", "Bernoulli",
    };

    /// <summary>Whether an operator computes with sizes as shape arithmetic does.</summary>
    /// <param name="op">The operator.</param>
    /// <returns>True when its result may again be only a shape.</returns>
    public static bool IsShapeArithmetic(string op) =>
        op is "Gather" or "Slice" or "Squeeze" or "Unsqueeze" or "Concat" or "Cast" or "Add" or "Sub" or "Mul" or "Div" or "Reshape" or "ReduceProd" or "Identity" or "Max" or "Min";

    /// <summary>Marks the outputs of a node.</summary>
    /// <param name="analysis">Knows the inputs.</param>
    /// <param name="node">The node.</param>
    /// <returns>False where rows could influence each other, or the result depends on their number.</returns>
    public static bool Follow(RowAnalysis analysis, OnnxNode node)
    {
        if (!node.Inputs.Exists(i => analysis.RowsOf(i) is not null || analysis.Counts(i)))
        {
            return !Random.Contains(node.Op);
        }

        return Rules.TryGetValue(node.Domain.Length == 0 ? node.Op : $"{node.Domain}.{node.Op}", out var rule)
            && (node.Op is "Reshape" or "Expand" or "ConstantOfShape" || !node.Inputs.Exists(analysis.Counts)) && rule(analysis, node);
    }

    /// <summary>A constant input's elements as integers.</summary>
    /// <param name="node">The node.</param>
    /// <param name="input">The input's number.</param>
    /// <returns>The elements; null where it is missing or not constant.</returns>
    public static long[]? Constant(OnnxNode node, int input) =>
        node.Inputs.Count > input && node.Inputs[input]?.Constant is { IsString: false } tensor ? ArrayCast.ToLongs(tensor) : null;

    /// <summary>An axis from 0.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="of">The value that has it.</param>
    /// <returns>The axis; null where the rank is unknown.</returns>
    public static long? Normal(long axis, OnnxValue of) => axis >= 0 ? axis : of.Rank is { } rank ? axis + rank : null;

    /// <summary>Whether only the first input has rows.</summary>
    /// <param name="analysis">Knows the inputs.</param>
    /// <param name="node">The node.</param>
    /// <returns>True when it does.</returns>
    public static bool Alone(RowAnalysis analysis, OnnxNode node) =>
        analysis.RowsOf(node.Inputs[0]) is not null && !node.Inputs.Skip(1).Any(i => analysis.RowsOf(i) is not null);

    private static bool Elementwise(RowAnalysis analysis, OnnxNode node)
    {
        if (node.Output.Rank is not { } rank)
        {
            return false;
        }

        RowAxis? found = null;
        foreach (var input in node.Inputs.OfType<OnnxValue>())
        {
            if (analysis.RowsOf(input) is { } axis)
            {
                var aligned = input.Rank is { } own ? axis with { Axis = axis.Axis + rank - own } : axis with { Axis = -1 };
                if (aligned.Axis < 0 || (found is { } other && other != aligned))
                {
                    return false;
                }

                found = aligned;
            }
        }

        // What is the same for all rows must not have an axis of its own where they are.
        foreach (var input in node.Inputs.OfType<OnnxValue>().Where(i => analysis.RowsOf(i) is null))
        {
            if (input.Shape is not { } shape)
            {
                return false;
            }

            var at = found!.Value.Axis - (rank - shape.Rank);
            if (at >= 0 && !(shape[at].IsConstant && shape[at].Value == 1))
            {
                return false;
            }
        }

        return analysis.Mark(node.Output, found!.Value);
    }

    private static bool First(RowAnalysis analysis, OnnxNode node) =>
        Alone(analysis, node) && analysis.RowsOf(node.Inputs[0]) is { Axis: 0 } x && MarkAll(analysis, node, x);

    private static bool Along(RowAnalysis analysis, OnnxNode node)
    {
        var otherwise = node.Op.StartsWith("Arg", StringComparison.Ordinal) || node.Op == "Split" ? 0 : -1;
        if (!Alone(analysis, node) || analysis.RowsOf(node.Inputs[0]) is not { } x || Normal(node.Int("axis", otherwise), node.Inputs[0]!) is not { } axis || axis == x.Axis)
        {
            return false;
        }

        var drops = node.Op.StartsWith("Arg", StringComparison.Ordinal) && node.Int("keepdims", 1) == 0 && axis < x.Axis;
        return MarkAll(analysis, node, drops ? x with { Axis = x.Axis - 1 } : x);
    }

    private static bool Reduce(RowAnalysis analysis, OnnxNode node)
    {
        if (!Alone(analysis, node) || analysis.RowsOf(node.Inputs[0]) is not { } x || Constant(node, 1) is not { Length: > 0 } axes)
        {
            return false;
        }

        var normal = Array.ConvertAll(axes, a => Normal(a, node.Inputs[0]!) ?? x.Axis);
        return !normal.Contains(x.Axis)
            && analysis.Mark(node.Output, node.Int("keepdims", 1) != 0 ? x : x with { Axis = x.Axis - normal.Count(a => a < x.Axis) });
    }

    private static bool Resize(RowAnalysis analysis, OnnxNode node)
    {
        if (!Alone(analysis, node) || analysis.RowsOf(node.Inputs[0]) is not { } x)
        {
            return false;
        }

        var apart = node.Ints("axes") is { } axes ? !axes.Contains(x.Axis)
            : Constant(node, 2) is { Length: > 0 } && node.Inputs[2]!.Constant is { DType: DType.Float32 } scales && scales.AsSpan<float>()[x.Axis] == 1;
        return apart && analysis.Mark(node.Output, x);
    }

    private static bool Pad(RowAnalysis analysis, OnnxNode node) =>
        Alone(analysis, node) && analysis.RowsOf(node.Inputs[0]) is { } x && Constant(node, 1) is { } pads
        && (node.Inputs.Count < 4 || node.Inputs[3] is null) && pads[x.Axis] == 0 && pads[x.Axis + (pads.Length / 2)] == 0 && analysis.Mark(node.Output, x);

    private static bool Slice(RowAnalysis analysis, OnnxNode node) =>
        Alone(analysis, node) && analysis.RowsOf(node.Inputs[0]) is { } x && Constant(node, 3) is { } axes
        && Array.TrueForAll(axes, a => Normal(a, node.Inputs[0]!) is { } axis && axis != x.Axis) && analysis.Mark(node.Output, x);

    private static bool MarkAll(RowAnalysis analysis, OnnxNode node, RowAxis axis) => node.Outputs.TrueForAll(o => analysis.Mark(o, axis));

    private static Dictionary<string, Func<RowAnalysis, OnnxNode, bool>> Build(params (Func<RowAnalysis, OnnxNode, bool> Rule, string Ops)[] rows)
    {
        var table = new Dictionary<string, Func<RowAnalysis, OnnxNode, bool>>(StringComparer.Ordinal);
        foreach (var (rule, ops) in rows)
        {
            foreach (var op in ops.Split(' '))
            {
                table[op] = rule;
            }
        }

        return table;
    }
}
