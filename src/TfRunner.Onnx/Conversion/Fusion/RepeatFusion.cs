using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Makes Resize-19 (nearest, by whole numbers) of elements that are repeated along an axis by Unsqueeze, Tile and Reshape, as
/// Keras's UpSampling layers write it, and one Resize of two. The layout pass knows it, so that it needs no transposes.
/// </summary>
internal static class RepeatFusion
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "Tile"))
        {
            return;
        }

        var made = new HashSet<OnnxNode>();
        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            if (Repeated(node) is not var (x, scales))
            {
                builder.Graph.Nodes.Add(node);
                continue;
            }

            if (x.Producer is { } producer && made.Contains(producer))
            {
                var first = producer.Inputs[2]!.Constant!.AsSpan<float>();
                for (var i = 0; i < scales.Length; i++)
                {
                    scales[i] *= first[i];
                }

                x = producer.Inputs[0]!;
            }

            builder.Scope = node.Name;
            made.Add(builder.EmitInPlaceOf(
                node,
                "Resize",
                [x, null, builder.Constant(TensorValue.From(scales, scales.Length))],
                ("mode", "nearest"),
                ("coordinate_transformation_mode", "asymmetric"),
                ("nearest_mode", "floor")));
        }

        builder.Graph.Prune();
    }

    /// <summary>What is repeated, and how often along each axis, where a node is the last of the three.</summary>
    private static (OnnxValue X, float[] Scales)? Repeated(OnnxNode node)
    {
        if (node.Op != "Reshape" || OnnxMatch.Node(node.Inputs[0], "Tile") is not { } tile || OnnxMatch.Node(tile.Inputs[0], "Unsqueeze") is not { } unsqueeze
            || unsqueeze.Inputs[0] is not { IsConstant: false, DType: DType.Float32, Shape: { } shape } x || unsqueeze.Inputs[1]?.Constant is not { Length: 1 } axes
            || tile.Inputs[1]?.Constant is not { } times || node.Output.Shape is not { } result || result.Rank != shape.Rank)
        {
            return null;
        }

        var rank = shape.Rank;
        var added = ArrayCast.ToLongs(axes)[0];
        added = added < 0 ? added + rank + 1 : added;
        var repeats = ArrayCast.ToLongs(times);
        if (added == 0 || repeats.Where((r, i) => i != added && r != 1).Any() || !Keeps(shape, result, (int)added - 1, repeats[added]))
        {
            return null;
        }

        var scales = Enumerable.Repeat(1f, rank).ToArray();
        scales[added - 1] = repeats[added];
        return (x, scales);
    }

    /// <summary>Whether the sizes are the same but for one axis; one that is not known must be what is left.</summary>
    private static bool Keeps(SymbolicShape before, SymbolicShape after, int axis, long times)
    {
        var unknown = 0;
        for (var i = 0; i < before.Rank; i++)
        {
            if (after[i] != before[i] * (i == axis ? Dim.Of(times) : Dim.Of(1)))
            {
                unknown += after[i].IsConstant && before[i].IsConstant ? before.Rank : 1;
            }
        }

        return unknown <= 1;
    }
}
