using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Inference;

/// <content>Operators that move elements.</content>
internal static partial class ShapeRules
{
    private static SymbolicShape? Reshape(OnnxNode node)
    {
        var x = node.Inputs[0]!;
        var target = node.Inputs[1]!;
        if (target.Contents is not { } contents)
        {
            return target.Shape is { Rank: 1 } vector && vector[0].IsConstant ? Unknown((int)vector[0].Value) : null;
        }

        var dims = new Dim[contents.Count];
        var open = -1;
        for (var i = 0; i < dims.Length; i++)
        {
            var dim = contents[i];
            if (dim.IsConstant && dim.Value == 0 && node.Int("allowzero") == 0)
            {
                dims[i] = x.Shape is { } s && i < s.Rank ? s[i] : Dim.Unknown();
            }
            else if (dim.IsConstant && dim.Value < 0)
            {
                open = i;
                dims[i] = Dim.Of(1);
            }
            else
            {
                dims[i] = dim;
            }
        }

        if (open >= 0)
        {
            var rest = new SymbolicShape(dims).Count;
            dims[open] = (x.Shape is { } shape && !(rest.IsConstant && rest.Value == 0) ? shape.Count.DivideExactly(rest) : null) ?? Dim.Unknown();
        }

        return new(dims);
    }

    private static SymbolicShape? Transpose(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        var permutation = node.Ints("perm") ?? [.. Enumerable.Range(0, shape.Rank).Reverse().Select(static i => (long)i)];
        return new(permutation.Select(p => shape[(int)p]));
    }

    private static SymbolicShape? Unsqueeze(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape || Numbers(node, 1) is not { } axes)
        {
            return null;
        }

        var rank = shape.Rank + axes.Length;
        var added = axes.Select(a => a < 0 ? a + rank : a).ToHashSet();
        var dims = new List<Dim>();
        for (int i = 0, j = 0; i < rank; i++)
        {
            dims.Add(added.Contains(i) ? Dim.Of(1) : shape[j++]);
        }

        return new(dims);
    }

    private static SymbolicShape? Squeeze(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        if (!Has(node, 1))
        {
            return shape.IsKnown ? new(shape.Dims.Where(static d => d.Value != 1)) : null;
        }

        if (Numbers(node, 1) is not { } axes)
        {
            return null;
        }

        var dropped = axes.Select(a => a < 0 ? a + shape.Rank : a).ToHashSet();
        return new(shape.Dims.Where((_, i) => !dropped.Contains(i)));
    }

    private static SymbolicShape? Flatten(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        var axis = (int)node.Int("axis", 1);
        axis = axis < 0 ? axis + shape.Rank : axis;
        return new(new SymbolicShape(shape.Dims.Take(axis)).Count, new SymbolicShape(shape.Dims.Skip(axis)).Count);
    }

    private static SymbolicShape? Expand(OnnxNode node) => SymbolicShape.Broadcast(node.Inputs[0]!.Shape, FromContents(node.Inputs[1]!));

    private static SymbolicShape? Tile(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        return node.Inputs[1]!.Contents is { } repeats && repeats.Count == shape.Rank
            ? new(shape.Dims.Select((d, i) => d * repeats[i]))
            : Unknown(shape.Rank);
    }

    private static SymbolicShape? Concat(OnnxNode node)
    {
        if (node.Inputs.Any(static i => i!.Shape is null))
        {
            return node.Inputs.FirstOrDefault(static i => i!.Shape is not null)?.Rank is { } rank ? Unknown(rank) : null;
        }

        var axis = (int)node.Int("axis");
        var shape = node.Inputs[0]!.Shape!;
        foreach (var other in node.Inputs.Skip(1))
        {
            // A number on one side is a number on all.
            for (var i = 0; i < shape.Rank && other!.Shape!.Rank == shape.Rank; i++)
            {
                if (!shape[i].IsConstant && other.Shape[i].IsConstant && i != (axis < 0 ? axis + shape.Rank : axis))
                {
                    shape = shape.With(i, other.Shape[i]);
                }
            }
        }

        return shape.With(axis, node.Inputs.Select(i => i!.Shape![axis]).Aggregate(static (a, b) => a + b));
    }

    private static List<(DType, SymbolicShape?)> Split(OnnxNode node, int outputs)
    {
        var x = node.Inputs[0]!;
        var axis = (int)node.Int("axis");
        var sizes = Has(node, 1) ? node.Inputs[1]!.Contents : null;
        var result = new List<(DType, SymbolicShape?)>();
        for (var i = 0; i < outputs; i++)
        {
            var size = Has(node, 1)
                ? sizes is { } known && i < known.Count && !(known[i].IsConstant && known[i].Value < 0) ? known[i] : Dim.Unknown()
                : x.Shape?[axis].DivideExactly(outputs) ?? Dim.Unknown();
            result.Add((x.DType, x.Shape?.With(axis, size)));
        }

        return result;
    }

    private static SymbolicShape? Slice(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        if (!Has(node, 3) || Numbers(node, 3) is not { } axes)
        {
            return Unknown(shape.Rank);
        }

        var starts = node.Inputs[1]!.Contents;
        var ends = node.Inputs[2]!.Contents;
        var steps = Has(node, 4) ? Numbers(node, 4) : [.. axes.Select(static _ => 1L)];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = (int)axes[i];
            var size = starts is null || ends is null || steps is null ? null : Extent(shape[axis], starts[i], ends[i], steps[i]);
            shape = shape.With(axis, size ?? Dim.Unknown());
        }

        return shape;
    }

    private static Dim? Extent(Dim dim, Dim start, Dim end, long step)
    {
        if (dim.IsConstant && start.IsConstant && end.IsConstant)
        {
            var n = dim.Value;
            var first = start.Value < 0 ? start.Value + n : start.Value;
            var last = end.Value < 0 ? end.Value + n : end.Value;
            return step > 0
                ? Math.Max(0, (Math.Clamp(last, 0, n) - Math.Clamp(first, 0, n) + step - 1) / step)
                : Math.Max(0, (Math.Clamp(first, -1, n - 1) - (end.Value < -n ? -1 : Math.Clamp(last, -1, n - 1)) - step - 1) / -step);
        }

        var isToEnd = end.IsConstant && end.Value >= int.MaxValue;
        if (step == -1 && start.IsConstant && start.Value == -1 && end.IsConstant && end.Value <= int.MinValue)
        {
            return dim; // Reversed as a whole.
        }

        if (step != 1 || !start.IsConstant)
        {
            return null;
        }

        return isToEnd && start.Value == 0 ? dim
            : isToEnd && start.Value < 0 ? null
            : start.Value == 0 && end == dim ? dim
            : null;
    }

    private static SymbolicShape? Pad(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        if (node.Inputs[1]!.Contents is not { } pads || Has(node, 3) || pads.Count != 2 * shape.Rank)
        {
            return Unknown(shape.Rank);
        }

        return new(shape.Dims.Select((d, i) => d + pads[i] + pads[i + shape.Rank]));
    }

    private static SymbolicShape? Gather(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape || node.Inputs[1]!.Shape is not { } indices)
        {
            return null;
        }

        var axis = (int)node.Int("axis");
        axis = axis < 0 ? axis + shape.Rank : axis;
        return new(shape.Dims.Take(axis).Concat(indices.Dims).Concat(shape.Dims.Skip(axis + 1)));
    }

    private static SymbolicShape? GatherNd(OnnxNode node)
    {
        var batch = (int)node.Int("batch_dims");
        return node.Inputs[0]!.Shape is { } shape && node.Inputs[1]!.Shape is { } indices && indices[-1].IsConstant
            ? new(indices.Dims.Take(indices.Rank - 1).Concat(shape.Dims.Skip(batch + (int)indices[-1].Value)))
            : null;
    }

    private static Dim Range(OnnxNode node)
    {
        if (node.Inputs[0]!.Contents is [{ } start] && node.Inputs[1]!.Contents is [{ } limit] && node.Inputs[2]!.Contents is [{ IsConstant: true } delta])
        {
            var extent = limit - start;
            return delta.Value == 1 && !extent.IsConstant ? extent
                : extent.IsConstant && delta.Value != 0 ? Math.Max(0, (long)Math.Ceiling((double)extent.Value / delta.Value))
                : Dim.Unknown();
        }

        return Dim.Unknown();
    }

    private static SymbolicShape? OneHot(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { } shape)
        {
            return null;
        }

        var axis = (int)node.Int("axis", -1);
        axis = axis < 0 ? axis + shape.Rank + 1 : axis;
        var depth = node.Inputs[1]!.Contents is [{ } known] ? known : Dim.Unknown();
        return new(shape.Dims.Take(axis).Append(depth).Concat(shape.Dims.Skip(axis)));
    }

    private static SymbolicShape? BlockShuffle(OnnxNode node)
    {
        if (node.Inputs[0]!.Shape is not { Rank: 4 } s)
        {
            return null;
        }

        var b = Dim.Of(node.Int("blocksize"));
        return node.Op == "DepthToSpace"
            ? new(s[0], s[1].FloorDivide(b * b), s[2] * b, s[3] * b)
            : new(s[0], s[1] * b * b, s[2].FloorDivide(b), s[3].FloorDivide(b));
    }
}
