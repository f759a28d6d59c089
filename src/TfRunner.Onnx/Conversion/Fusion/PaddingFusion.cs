using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Lets a convolution pad what a Pad with zeros padded before, also where transposes and added axes stand between: ZeroPadding and causal
/// convolutions of Keras. ONNX Runtime's optimiser knows only a Pad directly in front.
/// </summary>
internal sealed class PaddingFusion
{
    private readonly OnnxBuilder builder;
    private readonly ValueUses uses;

    private PaddingFusion(OnnxBuilder builder)
    {
        this.builder = builder;
        uses = new(builder.Graph);
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "Pad"))
        {
            return;
        }

        var fusion = new PaddingFusion(builder);
        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            fusion.TryFold(node);
            builder.Graph.Nodes.Add(node);
        }

        builder.Graph.Prune();
    }

    private void TryFold(OnnxNode node)
    {
        if (node.Op != "Conv" || node.Text("auto_pad") is not (null or "NOTSET") || node.Inputs[0]!.Rank is not { } rank)
        {
            return;
        }

        // Where the convolution's axes lie in what is looked at; null for added ones.
        int?[] axes = [.. Enumerable.Range(0, rank).Select(static i => (int?)i)];
        var between = new Stack<OnnxNode>();
        var value = node.Inputs[0]!;
        while (uses.IsSingle(value) && value is { IsConstant: false, Producer: { } producer })
        {
            if (producer.Op == "Pad")
            {
                if (Spatial(producer, axes) is { } pads)
                {
                    Take(node, producer, between, pads);
                }

                return;
            }

            if (Before(producer, axes) is not { } earlier)
            {
                return;
            }

            (axes, value) = (earlier, producer.Inputs[0]!);
            between.Push(producer);
        }
    }

    private void Take(OnnxNode node, OnnxNode pad, Stack<OnnxNode> between, long[] pads)
    {
        var own = node.Ints("pads");
        node.Attributes["pads"] = own is null ? pads : Array.ConvertAll([.. Enumerable.Range(0, pads.Length)], i => pads[i] + own[i]);
        var value = pad.Inputs[0]!;
        foreach (var step in between)
        {
            builder.Scope = step.Name;
            value = builder.Emit(step.Op, [value, .. step.Inputs.Skip(1)], [.. step.Attributes.Select(static a => (a.Key, a.Value))]);
        }

        node.Inputs[0] = value;
    }

    private static int?[]? Before(OnnxNode node, int?[] axes)
    {
        if (node.Op == "Transpose" && node.Ints("perm") is { } permutation)
        {
            return Array.ConvertAll(axes, a => a is { } axis ? (int?)permutation[axis] : null);
        }

        if (node.Op != "Unsqueeze" || node.Output.Rank is not { } rank || OnnxMatch.Axes(node.Inputs[1], rank) is not { } added)
        {
            return null;
        }

        return Array.ConvertAll(axes, a => a is not { } axis || added.Contains(axis) ? null : (int?)(axis - added.Count(d => d < axis)));
    }

    /// <summary>The padding of the spatial axes, those before and then those after; null where a Pad does anything else.</summary>
    private static long[]? Spatial(OnnxNode pad, int?[] axes)
    {
        if (pad.Text("mode") is not (null or "constant") || pad.Inputs[1]?.Constant is not { } given || (pad.Inputs.Count > 3 && pad.Inputs[3] is not null)
            || (pad.Inputs.Count > 2 && pad.Inputs[2] is { } filler && OnnxMatch.Number(filler) != 0))
        {
            return null;
        }

        var amounts = ArrayCast.ToLongs(given);
        var rank = amounts.Length / 2;
        long[] pads = [.. axes[2..].Select(a => a is { } axis ? amounts[axis] : 0), .. axes[2..].Select(a => a is { } axis ? amounts[axis + rank] : 0)];
        var all = amounts.Sum();
        return Array.TrueForAll(amounts, static n => n >= 0) && pads.Sum() == all ? pads : null;
    }
}
