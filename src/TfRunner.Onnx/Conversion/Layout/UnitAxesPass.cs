using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>
/// Pushes Squeeze towards the outputs until it meets an Unsqueeze of the same axes, and both go. Layers over sequences are
/// written as layers over pictures of height one, each between an Unsqueeze and a Squeeze; what stands between two such layers
/// is computed on the picture, so that biases and activations are next to the convolution they belong to, and reductions take the added axes along.
/// </summary>
internal sealed class UnitAxesPass
{
    private readonly OnnxBuilder builder;
    private readonly Dictionary<OnnxValue, (OnnxValue Source, long[] Axes)> squeezed = [];
    private readonly Dictionary<OnnxValue, OnnxValue> same = [];
    private readonly HashSet<OnnxValue> inner;
    private List<OnnxNode> nodes = [];

    private UnitAxesPass(OnnxBuilder builder)
    {
        this.builder = builder;
        inner = [.. builder.Graph.Nodes.Where(static n => n.Graphs().Any()).SelectMany(OnnxGraph.Uses)];
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder) => new UnitAxesPass(builder).Run();

    private void Run()
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "Unsqueeze"))
        {
            return;
        }

        nodes = builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            builder.Scope = node.Name;
            for (var i = 0; i < node.Inputs.Count; i++)
            {
                node.Inputs[i] = node.Inputs[i] is { } input && same.TryGetValue(input, out var other) ? other : node.Inputs[i];
            }

            if (!TryView(node) && !TryCancel(node) && !TryReduce(node) && !TryPush(node))
            {
                foreach (var used in OnnxGraph.Uses(node).Distinct().ToList())
                {
                    Materialize(used);
                }

                nodes.Add(node);
            }
        }

        builder.Graph.Outputs.ForEach(Materialize);
        builder.Graph.Prune();
    }

    private bool TryView(OnnxNode node)
    {
        if (node.Op != "Squeeze" || node.Inputs.Count < 2 || node.Inputs[1]?.Constant is not { } axes || node.Inputs[0]!.Rank is not { } rank
            || squeezed.ContainsKey(node.Inputs[0]!) || builder.Graph.Outputs.Contains(node.Output))
        {
            return false;
        }

        squeezed[node.Output] = (node.Inputs[0]!, Normal(axes, rank));
        return true;
    }

    private bool TryCancel(OnnxNode node)
    {
        if (node.Op != "Unsqueeze" || node.Inputs[1]?.Constant is not { } axes || !squeezed.TryGetValue(node.Inputs[0]!, out var view)
            || builder.Graph.Outputs.Contains(node.Output) || !Normal(axes, view.Source.Rank!.Value).SequenceEqual(view.Axes) || inner.Contains(node.Output))
        {
            return false;
        }

        same[node.Output] = view.Source;
        return true;
    }

    /// <summary>A reduction of a squeezed operand reduces the squeezed axes with its own.</summary>
    private bool TryReduce(OnnxNode node)
    {
        if (LayoutRules.KindOf(node.Op) != LayoutKind.Axes || node.Op is "Squeeze" or "Slice" || node.Int("keepdims", 1) != 0 || node.Inputs.Count < 2
            || node.Inputs[1]?.Constant is not { Length: > 0 } given || !squeezed.TryGetValue(node.Inputs[0]!, out var view)
            || builder.Graph.Outputs.Contains(node.Output) || inner.Contains(node.Output))
        {
            return false;
        }

        var kept = Enumerable.Range(0, view.Source.Rank!.Value).Where(a => !view.Axes.Contains(a)).ToList();
        long[] axes = [.. Normal(given, kept.Count).Select(a => (long)kept[(int)a]).Concat(view.Axes).Order()];
        same[node.Output] = builder.Emit(node.Op, [view.Source, builder.Ints(axes)], [.. node.Attributes.Select(static a => (a.Key, a.Value))]);
        return true;
    }

    /// <summary>An operation element by element on one squeezed operand and constants.</summary>
    private bool TryPush(OnnxNode node)
    {
        var viewed = node.Inputs.FirstOrDefault(i => i is not null && squeezed.ContainsKey(i));
        if (viewed is null || LayoutRules.KindOf(node.Op) != LayoutKind.Elementwise || node.Outputs.Count != 1 || builder.Graph.Outputs.Contains(node.Output))
        {
            return false;
        }

        var (source, axes) = squeezed[viewed];
        var moved = new OnnxValue?[node.Inputs.Count];
        for (var i = 0; i < moved.Length; i++)
        {
            if (node.Inputs[i] is { } input && (moved[i] = Widened(input, viewed, axes)) is null)
            {
                return false;
            }
        }

        var result = builder.Emit(node.Op, moved, [.. node.Attributes.Select(static a => (a.Key, a.Value))]);
        if (result.Producer is null || result.Rank != source.Rank)
        {
            return false;
        }

        squeezed[node.Output] = (result, axes);
        return true;
    }

    private OnnxValue? Widened(OnnxValue input, OnnxValue viewed, long[] axes)
    {
        if (squeezed.TryGetValue(input, out var view))
        {
            return view.Axes.AsSpan().SequenceEqual(axes) ? view.Source : null;
        }

        if (!input.IsConstant || input.Rank > viewed.Rank)
        {
            return null;
        }

        return input.Rank == 0 ? input : builder.Unsqueeze(Filled(input, viewed.Rank!.Value), axes);
    }

    private OnnxValue Filled(OnnxValue constant, int rank) =>
        builder.Unsqueeze(constant, [.. Enumerable.Range(0, rank - constant.Rank!.Value).Select(static i => (long)i)]);

    private void Materialize(OnnxValue value)
    {
        if (squeezed.Remove(value, out var view))
        {
            var node = new OnnxNode(builder.TakeName("Squeeze"), "Squeeze");
            node.Inputs.AddRange([view.Source, builder.Ints(view.Axes)]);
            node.Outputs.Add(value);
            value.Producer = node;
            nodes.Add(node);
        }
    }

    private static long[] Normal(TensorValue axes, int rank) => [.. ArrayCast.ToLongs(axes).Select(a => a < 0 ? a + rank : a).Order()];
}
