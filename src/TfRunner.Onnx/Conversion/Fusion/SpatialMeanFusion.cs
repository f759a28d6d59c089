using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Layout;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Makes GlobalAveragePool-1 of the mean over all spatial axes behind a convolution, as in squeeze-and-excitation blocks and at the end of
/// classifiers. ONNX Runtime keeps the blocked layout of its convolutions through it, which a ReduceMean makes it leave.
/// </summary>
internal sealed class SpatialMeanFusion
{
    private readonly HashSet<OnnxValue> pictures = [];

    private SpatialMeanFusion()
    {
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "ReduceMean"))
        {
            return;
        }

        var fusion = new SpatialMeanFusion();
        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            fusion.Follow(node);
            if (!fusion.IsMean(node))
            {
                builder.Graph.Nodes.Add(node);
                continue;
            }

            var x = node.Inputs[0]!;
            if (node.Int("keepdims", 1) != 0)
            {
                fusion.pictures.Add(builder.EmitInPlaceOf(node, "GlobalAveragePool", [x]).Output);
                continue;
            }

            builder.Scope = node.Name;
            var pooled = builder.Emit("GlobalAveragePool", [x]);
            builder.EmitInPlaceOf(node, "Squeeze", [pooled, builder.Ints([.. Enumerable.Range(2, x.Rank!.Value - 2).Select(static i => (long)i)])]);
        }
    }

    /// <summary>Notes what is computed by convolutions, and from it element by element.</summary>
    private void Follow(OnnxNode node)
    {
        if (node.Op is "Conv" or "MaxPool" or "AveragePool"
            || (LayoutRules.KindOf(node.Op) == LayoutKind.Elementwise && node.Inputs.Exists(i => i is not null && pictures.Contains(i) && i.Rank == node.Output.Rank)))
        {
            pictures.Add(node.Output);
        }
    }

    private bool IsMean(OnnxNode node) =>
        node.Op == "ReduceMean" && node.Inputs[0] is { DType: DType.Float32, Rank: > 2 and var rank } x && pictures.Contains(x)
        && node.Inputs.Count > 1 && OnnxMatch.Axes(node.Inputs[1], rank) is { } axes
        && axes.SequenceEqual(Enumerable.Range(2, rank - 2).Select(static i => (long)i));
}
