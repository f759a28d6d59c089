using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Inference;

/// <summary>Carries the elements of small integer tensors through shape arithmetic.</summary>
internal static class ContentsRules
{
    /// <summary>The elements of a node's output in terms of dimensions.</summary>
    /// <param name="node">The node, with typed outputs.</param>
    /// <returns>The elements; null where they are not known.</returns>
    public static IReadOnlyList<Dim>? Infer(OnnxNode node)
    {
        if (node.Outputs.Count != 1 || node.Output.DType is not (DType.Int32 or DType.Int64))
        {
            return null;
        }

        var x = node.Inputs.Count > 0 ? node.Inputs[0] : null;
        switch (node.Op)
        {
            case "Shape":
                return x?.Shape?.Dims;
            case "Size":
                return x?.Shape is { } shape ? [shape.Count] : null;
            case "Cast" or "Identity" or "Squeeze" or "Unsqueeze" or "Reshape":
                return x!.DType is DType.Int32 or DType.Int64 && node.Output.Rank <= 1 ? x.Contents : null;
            case "Concat":
                return node.Inputs.All(static i => i!.Contents is not null && i.Rank == 1) ? [.. node.Inputs.SelectMany(static i => i!.Contents!)] : null;
            case "Gather":
                return Gather(x!, node.Inputs[1]!, node.Int("axis"));
            case "Slice":
                return Slice(node);
            case "Add" or "Sub" or "Mul" or "Div":
                return Arithmetic(node.Op, x!, node.Inputs[1]!);
            case "ReduceProd":
                return x!.Contents is { } factors && node.Output.Rank <= 1 && x.Rank == 1 ? [factors.Aggregate(Dim.Of(1), static (a, b) => a * b)] : null;
            case "ReduceSum":
                return x!.Contents is { } terms && x.Rank == 1 ? [terms.Aggregate(Dim.Of(0), static (a, b) => a + b)] : null;
            default:
                return null;
        }
    }

    private static List<Dim>? Gather(OnnxValue x, OnnxValue indices, long axis)
    {
        if (x.Contents is not { } contents || x.Rank != 1 || axis != 0 || indices.Contents is not { } wanted)
        {
            return null;
        }

        var result = new List<Dim>();
        foreach (var index in wanted)
        {
            if (!index.IsConstant)
            {
                return null;
            }

            var i = index.Value < 0 ? index.Value + contents.Count : index.Value;
            if (i < 0 || i >= contents.Count)
            {
                return null;
            }

            result.Add(contents[(int)i]);
        }

        return result;
    }

    private static List<Dim>? Slice(OnnxNode node)
    {
        if (node.Inputs[0] is not { Contents: { } contents, Rank: 1 }
            || Number(node, 1) is not { } start || Number(node, 2) is not { } end)
        {
            return null;
        }

        var step = node.Inputs.Count > 4 && node.Inputs[4] is not null ? Number(node, 4) : 1;
        if (step is not { } s || s == 0)
        {
            return null;
        }

        var count = contents.Count;
        var first = start < 0 ? start + count : start;
        var last = end < 0 ? end + count : end;
        var result = new List<Dim>();
        if (s > 0)
        {
            for (var i = Math.Clamp(first, 0, count); i < Math.Clamp(last, 0, count); i += s)
            {
                result.Add(contents[(int)i]);
            }
        }
        else
        {
            for (var i = Math.Clamp(first, -1, count - 1); i > (end < -count ? -1 : Math.Clamp(last, -1, count - 1)); i += s)
            {
                result.Add(contents[(int)i]);
            }
        }

        return result;
    }

    private static long? Number(OnnxNode node, int input) =>
        node.Inputs.Count > input && node.Inputs[input]?.Contents is [{ IsConstant: true } only] ? only.Value : null;

    private static Dim[]? Arithmetic(string op, OnnxValue a, OnnxValue b)
    {
        if (a.Contents is not { } x || b.Contents is not { } y || (x.Count != y.Count && x.Count != 1 && y.Count != 1))
        {
            return null;
        }

        var result = new Dim[Math.Max(x.Count, y.Count)];
        if (x.Count == 0 || y.Count == 0)
        {
            return [];
        }

        for (var i = 0; i < result.Length; i++)
        {
            var (p, q) = (x[x.Count == 1 ? 0 : i], y[y.Count == 1 ? 0 : i]);
            if (op == "Div" && (!q.IsConstant || q.Value <= 0 || (p.IsConstant && p.Value < 0)))
            {
                return null; // ONNX rounds towards zero, dimensions round down.
            }

            result[i] = op switch { "Add" => p + q, "Sub" => p - q, "Mul" => p * q, _ => p.FloorDivide(q) };
        }

        return result;
    }
}
