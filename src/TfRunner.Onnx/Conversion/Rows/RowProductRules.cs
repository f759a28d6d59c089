using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>Where products and recurrences leave the rows of a batch.</summary>
internal static class RowProductRules
{
    public static bool MatMul(RowAnalysis analysis, OnnxNode node)
    {
        if (node.Inputs[0]!.Rank is not { } left || node.Inputs[1]!.Rank is not { } right || left < 2 || right < 2)
        {
            return false;
        }

        var rank = Math.Max(left, right);
        var a = analysis.RowsOf(node.Inputs[0]) is { } x ? x with { Axis = x.Axis + rank - left } : (RowAxis?)null;
        var b = analysis.RowsOf(node.Inputs[1]) is { } y ? y with { Axis = y.Axis + rank - right } : (RowAxis?)null;
        return (a, b) switch
        {
            ({ } p, null) => p.Axis < rank - 1 && (p.Axis == rank - 2 || IsSame(node.Inputs[1]!, p.Axis - (rank - right))) && analysis.Mark(node.Output, p),
            (null, { } q) => q.Axis < rank - 2 && IsSame(node.Inputs[0]!, q.Axis - (rank - left)) && analysis.Mark(node.Output, q),
            ({ } p, { } q) => p == q && p.Axis < rank - 2 && analysis.Mark(node.Output, p),
            _ => false,
        };
    }

    public static bool Gemm(RowAnalysis analysis, OnnxNode node) =>
        RowRules.Alone(analysis, node) && analysis.RowsOf(node.Inputs[0]) is { Axis: 0 } x && node.Int("transA") == 0
        && (node.Inputs.Count < 3 || node.Inputs[2] is not { } bias || bias.Rank < 2 || (bias.Shape is { } shape && shape[0].IsConstant && shape[0].Value == 1))
        && analysis.Mark(node.Output, x);

    /// <summary>The rows' letter must be the result's, and no other operand's than those with rows.</summary>
    public static bool Einsum(RowAnalysis analysis, OnnxNode node)
    {
        var sides = (node.Text("equation") ?? string.Empty).Replace(" ", string.Empty, StringComparison.Ordinal).Split("->");
        var terms = sides[0].Split(',');
        if (sides.Length != 2 || sides[0].Contains('.', StringComparison.Ordinal) || terms.Length != node.Inputs.Count)
        {
            return false;
        }

        (char Letter, long Factor)? rows = null;
        for (var i = 0; i < terms.Length; i++)
        {
            if (analysis.RowsOf(node.Inputs[i]) is { } x)
            {
                var letter = terms[i][x.Axis];
                if ((rows is { } other && other != (letter, x.Factor)) || terms[i].Count(c => c == letter) != 1)
                {
                    return false;
                }

                rows = (letter, x.Factor);
            }
        }

        var at = sides[1].IndexOf(rows!.Value.Letter, StringComparison.Ordinal);
        return at >= 0 && Enumerable.Range(0, terms.Length).All(i => analysis.RowsOf(node.Inputs[i]) is not null || !terms[i].Contains(rows.Value.Letter, StringComparison.Ordinal))
            && analysis.Mark(node.Output, new(at, rows.Value.Factor));
    }

    /// <summary>LSTM, GRU, RNN: X [time, batch, features]; lengths [batch]; first states [directions, batch, units].</summary>
    public static bool Recurrent(RowAnalysis analysis, OnnxNode node)
    {
        var states = node.Inputs.Count > 5 ? node.Inputs.Skip(5).Take(2) : [];
        if (analysis.RowsOf(node.Inputs[0]) is not { Axis: 1, Factor: 1 } || node.Int("layout") != 0
            || node.Inputs.Skip(1).Take(3).Any(w => analysis.RowsOf(w) is not null)
            || (node.Inputs.Count > 4 && node.Inputs[4] is { } lengths && analysis.RowsOf(lengths) is not { Axis: 0, Factor: 1 })
            || states.Any(s => s is not null && analysis.RowsOf(s) is not { Axis: 1, Factor: 1 })
            || (node.Inputs.Count > 7 && analysis.RowsOf(node.Inputs[7]) is not null))
        {
            return false;
        }

        for (var i = 0; i < node.Outputs.Count; i++)
        {
            analysis.Mark(node.Outputs[i], new(i == 0 ? 2 : 1, 1));
        }

        return true;
    }

    /// <summary>Attention has rows first in all that is attended to; what is added to the scores has the same rows or one for all.</summary>
    public static bool Attention(RowAnalysis analysis, OnnxNode node)
    {
        var data = node.Op == "Attention" ? node.Inputs.Take(1) : node.Inputs.Take(3);
        return data.All(i => analysis.RowsOf(i) is { Axis: 0, Factor: 1 })
            && node.Inputs.Skip(node.Op == "Attention" ? 1 : 3).OfType<OnnxValue>().All(i => analysis.RowsOf(i) is { } x ? x is { Axis: 0, Factor: 1 } : i.IsConstant && i.Rank < 4 || IsSame(i, 0))
            && analysis.Mark(node.Output, new(0, 1));
    }

    private static bool IsSame(OnnxValue value, int axis) => axis < 0 || (value.Shape is { } shape && shape[axis].IsConstant && shape[axis].Value == 1);
}
