using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Inference;

/// <content>Operators that contract, reduce or slide a window.</content>
internal static partial class ShapeRules
{
    public static SymbolicShape? MatMul(SymbolicShape? a, SymbolicShape? b)
    {
        if (a is null || b is null || a.Rank == 0 || b.Rank == 0)
        {
            return null;
        }

        if (a.Rank == 1 || b.Rank == 1)
        {
            return new(a.Dims.Take(a.Rank - 1).Concat(b.Rank == 1 ? [] : b.Dims.Take(b.Rank - 2).Append(b[-1])));
        }

        var batch = SymbolicShape.Broadcast(new(a.Dims.Take(a.Rank - 2)), new(b.Dims.Take(b.Rank - 2)))!;
        return new(batch.Dims.Append(a[-2]).Append(b[-1]));
    }

    private static SymbolicShape? Gemm(OnnxNode node)
    {
        return node.Inputs[0]!.Shape is { } a && node.Inputs[1]!.Shape is { } b
            ? new(a[node.Int("transA") != 0 ? 1 : 0], b[node.Int("transB") != 0 ? 0 : 1])
            : null;
    }

    public static SymbolicShape? Reduce(SymbolicShape? shape, IEnumerable<long> axes, bool keep)
    {
        if (shape is null)
        {
            return null;
        }

        var reduced = axes.Select(a => a < 0 ? a + shape.Rank : a).ToHashSet();
        return keep
            ? new(shape.Dims.Select((d, i) => reduced.Contains(i) ? Dim.Of(1) : d))
            : new(shape.Dims.Where((_, i) => !reduced.Contains(i)));
    }

    private static SymbolicShape? Reduction(OnnxNode node)
    {
        var shape = node.Inputs[0]!.Shape;
        var keep = node.Int("keepdims", 1) != 0;
        if (!Has(node, 1))
        {
            return node.Int("noop_with_empty_axes") != 0 ? shape
                : shape is null ? (keep ? null : SymbolicShape.Scalar)
                : Reduce(shape, Enumerable.Range(0, shape.Rank).Select(static i => (long)i), keep);
        }

        if (Numbers(node, 1) is not { } axes)
        {
            return shape is not null && keep ? Unknown(shape.Rank) : null;
        }

        return axes.Length == 0 && node.Int("noop_with_empty_axes") == 0 && shape is not null
            ? Reduce(shape, Enumerable.Range(0, shape.Rank).Select(static i => (long)i), keep)
            : Reduce(shape, axes, keep);
    }

    private static List<(DType, SymbolicShape?)> TopK(OnnxNode node)
    {
        var x = node.Inputs[0]!;
        var k = node.Inputs[1]!.Contents is [{ } known] ? known : Dim.Unknown();
        var shape = x.Shape?.With((int)node.Int("axis", -1), k);
        return [(x.DType, shape), (DType.Int64, shape)];
    }

    private static SymbolicShape? Einsum(OnnxNode node)
    {
        var parts = node.Text("equation")!.Replace(" ", string.Empty, StringComparison.Ordinal).Split("->");
        if (parts.Length != 2 || parts[0].Contains('.', StringComparison.Ordinal) || node.Inputs.Any(static i => i!.Shape is null))
        {
            return null;
        }

        var sizes = new Dictionary<char, Dim>();
        var terms = parts[0].Split(',');
        for (var i = 0; i < terms.Length; i++)
        {
            for (var j = 0; j < terms[i].Length; j++)
            {
                var dim = node.Inputs[i]!.Shape![j];
                if (!sizes.TryGetValue(terms[i][j], out var known) || (!known.IsConstant && dim.IsConstant))
                {
                    sizes[terms[i][j]] = dim;
                }
            }
        }

        return new(parts[1].Select(c => sizes[c]));
    }

    private static SymbolicShape? Conv(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } x || node.Inputs[1]!.Shape is not { } w)
        {
            return null;
        }

        var kernel = node.Ints("kernel_shape") ?? w.ToNumbers()[2..];
        return Window(node, x, w[0], kernel);
    }

    private static SymbolicShape? Pool(OnnxNode node) =>
        node.Inputs[0]!.Shape is { } x ? Window(node, x, x[1], node.Ints("kernel_shape")!) : null;

    private static SymbolicShape Window(OnnxNode node, SymbolicShape x, Dim channels, long[] kernel)
    {
        var spatial = x.Rank - 2;
        var strides = node.Ints("strides") ?? Enumerable.Repeat(1L, spatial).ToArray();
        var dilations = node.Ints("dilations") ?? Enumerable.Repeat(1L, spatial).ToArray();
        var pads = node.Ints("pads") ?? new long[2 * spatial];
        var auto = node.Text("auto_pad") ?? "NOTSET";
        var dims = new List<Dim> { x[0], channels };
        for (var i = 0; i < spatial; i++)
        {
            var size = x[i + 2];
            var reach = ((kernel[i] - 1) * dilations[i]) + 1;
            if (kernel[i] < 0)
            {
                dims.Add(Dim.Unknown());
            }
            else if (auto.StartsWith("SAME", StringComparison.Ordinal))
            {
                dims.Add(strides[i] == 1 ? size : (size + (strides[i] - 1)).FloorDivide(strides[i]));
            }
            else
            {
                var padded = auto == "VALID" ? size : size + (pads[i] + pads[i + spatial]);
                var ceil = node.Int("ceil_mode") != 0 ? strides[i] - 1 : 0;
                dims.Add((padded - reach + ceil).FloorDivide(strides[i]) + 1);
            }
        }

        return new(dims);
    }

    private static SymbolicShape? ConvTranspose(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } x || node.Inputs[1]!.Shape is not { } w)
        {
            return null;
        }

        var spatial = x.Rank - 2;
        var kernel = node.Ints("kernel_shape") ?? w.ToNumbers()[2..];
        var strides = node.Ints("strides") ?? Enumerable.Repeat(1L, spatial).ToArray();
        var dilations = node.Ints("dilations") ?? Enumerable.Repeat(1L, spatial).ToArray();
        var pads = node.Ints("pads") ?? new long[2 * spatial];
        var extra = node.Ints("output_padding") ?? new long[spatial];
        var stated = node.Ints("output_shape");
        var dims = new List<Dim> { x[0], w[1] * node.Int("group", 1) };
        for (var i = 0; i < spatial; i++)
        {
            dims.Add(stated is not null
                ? stated[i]
                : ((x[i + 2] - 1) * strides[i]) + (extra[i] + ((kernel[i] - 1) * dilations[i]) + 1 - pads[i] - pads[i + spatial]));
        }

        return new(dims);
    }

    private static SymbolicShape? Resize(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } x)
        {
            return null;
        }

        var axes = node.Ints("axes") ?? [.. Enumerable.Range(0, x.Rank).Select(static i => (long)i)];
        if (Has(node, 3) && node.Inputs[3]!.Contents is { } sizes)
        {
            for (var i = 0; i < axes.Length; i++)
            {
                x = x.With((int)axes[i], sizes[i]);
            }

            return x;
        }

        if (Has(node, 2) && node.Inputs[2]!.Constant is { DType: DType.Float32 } scales && !Has(node, 3))
        {
            for (var i = 0; i < axes.Length; i++)
            {
                var scale = scales.AsSpan<float>()[i];
                var d = x[(int)axes[i]];
                x = x.With((int)axes[i], scale == MathF.Floor(scale) ? d * (long)scale : d.IsConstant ? (long)MathF.Floor(d.Value * scale) : Dim.Unknown());
            }

            return x;
        }

        return Unknown(x.Rank);
    }

    private static List<(DType, SymbolicShape?)> Recurrent(OnnxNode node, int outputs)
    {
        var x = node.Inputs[0]!;
        Dim directions = node.Text("direction") == "bidirectional" ? 2 : 1;
        Dim hidden = node.Int("hidden_size");
        var isBatchFirst = node.Int("layout") != 0;
        if (x.Shape is not { } s)
        {
            return [.. Enumerable.Repeat((x.DType, (SymbolicShape?)null), outputs)];
        }

        SymbolicShape sequence = isBatchFirst ? new(s[0], s[1], directions, hidden) : new(s[0], directions, s[1], hidden);
        SymbolicShape state = isBatchFirst ? new(s[0], directions, hidden) : new(directions, s[1], hidden);
        return [.. Enumerable.Range(0, outputs).Select(i => (x.DType, (SymbolicShape?)(i == 0 ? sequence : state)))];
    }
}
