using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>A rough count of a graph's work per row, in floating-point operations, to tell short nodes from long ones.</summary>
internal sealed class RowCost
{
    /// <summary>Waking another core costs about what this much work does (some 25 microseconds): less is not worth it.</summary>
    private const double Worthwhile = 1e6;

    private double total;
    private double sequential;
    private double longest;

    /// <summary>Adds a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="resultBytes">The bytes of its results per row.</param>
    public void Add(OnnxNode node, long resultBytes)
    {
        var isRecurrent = node.Op is "LSTM" or "GRU" or "RNN";
        var elements = resultBytes / 4.0;
        var cost = node.Op switch
        {
            "Conv" => 2 * elements * PerChannel(node.Inputs[1]!),
            "MatMul" or "Gemm" or "Einsum" => 2 * elements * Last(node.Inputs[0]!),
            "Attention" => Attention(node, elements) + (2 * elements / Last(node.Output) * Elements(node.Inputs[1]!)),
            "MultiHeadAttention" => Attention(node, elements),
            _ when isRecurrent => 2.0 * (node.Inputs[0]!.Shape is { Rank: 3 } x && x[0].IsConstant ? x[0].Value : 1)
                * (Elements(node.Inputs[1]!) + Elements(node.Inputs[2]!)),
            _ => 2 * elements,
        };
        total += cost;
        sequential += isRecurrent ? cost : 0;
        longest = Math.Max(longest, isRecurrent ? 0 : cost);
    }

    /// <summary>
    /// The numbers of rows whose parts are better computed side by side. ONNX Runtime computes a recurrence on one core, and
    /// for nodes that take microseconds it costs more to share each one between cores than to share the batch once.
    /// </summary>
    /// <returns>The range.</returns>
    public RowRange Concurrent()
    {
        var from = (long)Math.Max(2, Math.Ceiling(4 * Worthwhile / Math.Max(1, total)));
        var to = sequential > total / 2 ? long.MaxValue : (long)(8 * Worthwhile / Math.Max(1, longest));
        return new(from, to);
    }

    /// <summary>The scores of every step with every other, and what they weigh.</summary>
    private static double Attention(OnnxNode node, double elements) => 4 * elements * elements / Last(node.Output);

    private static double Last(OnnxValue value) => value.Shape is { Rank: > 0 } shape && shape[-1].IsConstant ? Math.Max(1, shape[-1].Value) : 1;

    private static double PerChannel(OnnxValue filters) => Elements(filters) / Math.Max(1, filters.Shape is { Rank: > 0 } s && s[0].IsConstant ? s[0].Value : 1);

    private static double Elements(OnnxValue value) => value.Shape is { IsKnown: true } shape ? shape.Count.Value : 0;
}
