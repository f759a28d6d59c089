using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>Where operators that only move elements leave the rows of a batch.</summary>
internal static class RowShapeRules
{
    /// <summary>
    /// Rows that lie one after the other still do under another shape, when its first axis has a whole number of elements
    /// per row.
    /// </summary>
    public static bool Reshape(RowAnalysis analysis, OnnxNode node)
    {
        if (!RowRules.Alone(analysis, node) || analysis.RowsOf(node.Inputs[0]) is not { Axis: 0 } x || node.Inputs[0]!.Shape is not { } from
            || node.Inputs[1]!.Contents is not { Count: > 0 } target)
        {
            return false;
        }

        var copies = node.Int("allowzero") == 0;
        if (target[0] == from[0] || (copies && target[0] == Dim.Of(0)))
        {
            return analysis.Mark(node.Output, x);
        }

        if (analysis.IsBatch(target[0]))
        {
            return analysis.Mark(node.Output, new(0, 1));
        }

        // -1 or another name of a size: what is left of a row must fill the other axes without a rest.
        var perRow = Product(from.Dims.Skip(1));
        var others = Product(target.Skip(1).Select((d, i) => copies && d == Dim.Of(0) && i + 1 < from.Rank ? from[i + 1] : d));
        return (!target[0].IsConstant || target[0].Value == -1) && perRow is { } p && others is { } q && p * x.Factor % q == 0
            && analysis.Mark(node.Output, new(0, p * x.Factor / q));
    }

    public static bool ConstantOfShape(RowAnalysis analysis, OnnxNode node)
    {
        if (node.Inputs[0]!.Contents is not { } target || target.Any(d => !d.IsConstant && !analysis.IsBatch(d)))
        {
            return false;
        }

        var axes = Enumerable.Range(0, target.Count).Where(i => analysis.IsBatch(target[i])).ToList();
        return axes is [var axis] && analysis.Mark(node.Output, new(axis, 1));
    }

    public static bool Expand(RowAnalysis analysis, OnnxNode node)
    {
        if (node.Inputs[1]!.Contents is not { } target || node.Inputs[0]!.Shape is not { } from || analysis.RowsOf(node.Inputs[1]) is not null || analysis.Counts(node.Inputs[0])
            || node.Output.Rank is not { } rank)
        {
            return false;
        }

        var batches = Enumerable.Range(0, target.Count).Where(i => analysis.IsBatch(target[i])).Select(i => i + rank - target.Count).ToList();
        var given = analysis.RowsOf(node.Inputs[0]) is { } x ? x with { Axis = x.Axis + rank - from.Rank } : (RowAxis?)null;
        if (target.Any(d => !d.IsConstant && !analysis.IsBatch(d) && analysis.Counts(node.Inputs[1])) || batches.Count > 1)
        {
            return false;
        }

        if (given is { } rows)
        {
            return batches.TrueForAll(b => b == rows.Axis && rows.Factor == 1) && (rows.Axis < rank - target.Count || batches.Count == 1 || IsOne(target[rows.Axis - (rank - target.Count)]))
                && analysis.Mark(node.Output, rows);
        }

        // Something that is the same for all rows is repeated for each.
        return batches is [var axis] && (axis < rank - from.Rank || IsOne(from[axis - (rank - from.Rank)])) && analysis.Mark(node.Output, new(axis, 1));
    }

    public static bool Transpose(RowAnalysis analysis, OnnxNode node) =>
        analysis.RowsOf(node.Inputs[0]) is { } x && node.Ints("perm") is { } permutation && analysis.Mark(node.Output, x with { Axis = Array.IndexOf(permutation, x.Axis) });

    public static bool Unsqueeze(RowAnalysis analysis, OnnxNode node)
    {
        if (!RowRules.Alone(analysis, node) || analysis.RowsOf(node.Inputs[0]) is not { } x || RowRules.Constant(node, 1) is not { } axes || node.Output.Rank is not { } rank)
        {
            return false;
        }

        var added = axes.Select(a => a < 0 ? a + rank : a).ToHashSet();
        return analysis.Mark(node.Output, x with { Axis = Enumerable.Range(0, rank).Where(i => !added.Contains(i)).ElementAt(x.Axis) });
    }

    public static bool Squeeze(RowAnalysis analysis, OnnxNode node)
    {
        if (!RowRules.Alone(analysis, node) || analysis.RowsOf(node.Inputs[0]) is not { } x || RowRules.Constant(node, 1) is not { } axes)
        {
            return false;
        }

        var dropped = Array.ConvertAll(axes, a => RowRules.Normal(a, node.Inputs[0]!) ?? x.Axis);
        return !dropped.Contains(x.Axis) && analysis.Mark(node.Output, x with { Axis = x.Axis - dropped.Count(d => d < x.Axis) });
    }

    public static bool Concat(RowAnalysis analysis, OnnxNode node) =>
        analysis.RowsOf(node.Inputs[0]) is { } x && node.Inputs.TrueForAll(i => analysis.RowsOf(i) == x)
        && RowRules.Normal(node.Int("axis"), node.Inputs[0]!) is { } axis && axis != x.Axis && analysis.Mark(node.Output, x);

    public static bool Gather(RowAnalysis analysis, OnnxNode node)
    {
        if (RowRules.Normal(node.Int("axis"), node.Inputs[0]!) is not { } axis || node.Inputs[1]!.Rank is not { } indices)
        {
            return false;
        }

        return (analysis.RowsOf(node.Inputs[0]), analysis.RowsOf(node.Inputs[1])) switch
        {
            ({ } x, null) => x.Axis != axis && analysis.Mark(node.Output, x.Axis < axis ? x : x with { Axis = x.Axis + indices - 1 }),
            (null, { } i) => analysis.Mark(node.Output, i with { Axis = (int)axis + i.Axis }),
            _ => false,
        };
    }

    private static bool IsOne(Dim dim) => dim.IsConstant && dim.Value == 1;

    private static long? Product(IEnumerable<Dim> dims)
    {
        var product = 1L;
        foreach (var dim in dims)
        {
            if (!dim.IsConstant || dim.Value <= 0)
            {
                return null;
            }

            product *= dim.Value;
        }

        return product;
    }
}
