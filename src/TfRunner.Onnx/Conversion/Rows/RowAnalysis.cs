using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>
/// Proves that a graph treats the rows of its inputs apart: follows the first axis of the inputs through every node by
/// <see cref="RowRules"/>, and gives up at the first node that could mix rows or look at their number.
/// </summary>
internal sealed class RowAnalysis
{
    /// <summary>
    /// What operands and results of one node may take so that the next node still finds them in the cores' last cache. Less
    /// would make nodes so short that sharing each one between cores costs more than the cache saves.
    /// </summary>
    private const long CacheBytes = 32 << 20;

    /// <summary>How many bytes of rows are worked on for every byte of matrices that a part reads.</summary>
    private const long MatrixShare = 4;

    private readonly Dictionary<OnnxValue, RowAxis> rows = [];
    private readonly HashSet<OnnxValue> counting = [];
    private readonly HashSet<Dim> batch = [];

    private RowAnalysis()
    {
    }

    /// <summary>Analyses a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <returns>How it may be split; null where that is not proven.</returns>
    public static RowSplit? Of(OnnxGraph graph) => new RowAnalysis().Analyse(graph);

    /// <summary>Where a value has the rows; null where it is the same for all rows.</summary>
    /// <param name="value">The value, or a left out input.</param>
    /// <returns>The axis.</returns>
    public RowAxis? RowsOf(OnnxValue? value) => value is not null && rows.TryGetValue(value, out var axis) ? axis : null;

    /// <summary>Whether a value is computed from the number of rows, as shapes are.</summary>
    /// <param name="value">The value, or a left out input.</param>
    /// <returns>True when it may only be used as a shape.</returns>
    public bool Counts(OnnxValue? value) => value is not null && counting.Contains(value);

    /// <summary>Whether a dimension is the number of rows.</summary>
    /// <param name="dim">The dimension.</param>
    /// <returns>True when it is.</returns>
    public bool IsBatch(Dim dim) => batch.Contains(dim);

    private RowSplit? Analyse(OnnxGraph graph)
    {
        foreach (var input in graph.Inputs)
        {
            if (input.Shape is { Rank: > 0 } shape && !shape[0].IsConstant)
            {
                rows[input] = new(0, 1);
                batch.Add(shape[0]);
            }
        }

        var values = graph.Inputs.Concat(graph.Outputs);
        if (rows.Count == 0 || values.Any(static v => v.DType == DType.String) || !graph.Nodes.TrueForAll(Follow)
            || !graph.Outputs.TrueForAll(o => RowsOf(o) is { Axis: 0, Factor: 1 }))
        {
            return null;
        }

        var cost = new RowCost();
        return PartRows(graph, cost) is { } part
            ? new([.. graph.Inputs.Select(rows.ContainsKey)], [.. graph.Outputs.Select(RowOf)], part, cost.Concurrent())
            : null;
    }

    /// <summary>
    /// As many rows as let the largest node work within a cache, but enough that reading the matrices again for every part
    /// stays cheap beside the work on the rows.
    /// </summary>
    private long? PartRows(OnnxGraph graph, RowCost cost)
    {
        (long peak, long total, long matrices) = (0, 0, 0);
        foreach (var node in graph.Nodes)
        {
            var held = node.Inputs.OfType<OnnxValue>().Concat(node.Outputs).Distinct().Sum(BytesPerRow);
            if (held < 0)
            {
                return null;
            }

            peak = Math.Max(peak, held);
            total += held;
            cost.Add(node, node.Outputs.Sum(BytesPerRow));
            matrices += node.Op is "MatMul" or "Gemm" or "Einsum" or "Attention" ? node.Inputs.Sum(static i => i?.Constant?.ByteLength ?? 0) : 0;
        }

        return total == 0 ? null : Math.Max(Math.Max(1, CacheBytes / peak), MatrixShare * matrices / total);
    }

    /// <summary>Notes that a value has the rows at an axis.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>True, for the rules' convenience.</returns>
    public bool Mark(OnnxValue value, RowAxis axis)
    {
        rows[value] = axis;
        if (axis.Factor == 1 && value.Shape is { } shape && !shape[axis.Axis].IsConstant)
        {
            batch.Add(shape[axis.Axis]);
        }

        return true;
    }

    private bool Follow(OnnxNode node)
    {
        if (node.Graphs().Any())
        {
            return false;
        }

        if (node.Op is "Shape" or "Size" ? RowsOf(node.Inputs[0]) is not null : RowRules.IsShapeArithmetic(node.Op) && (Counts(node.Inputs[0]) || (node.Op != "Reshape" && node.Inputs.Exists(Counts))))
        {
            // A size of the batch: it may go on into shapes, and nowhere else.
            node.Outputs.ForEach(o => counting.Add(o));
            return node.Op is "Shape" or "Size" || !node.Inputs.Exists(i => RowsOf(i) is not null);
        }

        return RowRules.Follow(this, node);
    }

    /// <summary>The bytes of a value per row; a very negative number where they depend on a call.</summary>
    private long BytesPerRow(OnnxValue value)
    {
        if (RowsOf(value) is not { } axis)
        {
            return 0;
        }

        var count = axis.Factor;
        for (var i = 0; i < (value.Shape?.Rank ?? 0); i++)
        {
            if (i != axis.Axis)
            {
                count *= value.Shape![i].IsConstant ? value.Shape[i].Value : 0;
            }
        }

        return value.Shape is null || value.Shape.Dims.Where((d, i) => i != axis.Axis && !d.IsConstant).Any() || value.DType == DType.String
            ? long.MinValue / 64
            : count * value.DType.ElementSize();
    }

    private static IReadOnlyList<long>? RowOf(OnnxValue output) =>
        output.Shape is { } shape && shape.Dims.Skip(1).All(static d => d.IsConstant) ? shape.ToNumbers()[1..] : null;
}
