using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>
/// Pushes transposes towards the outputs, where they meet and cancel: a transposed value is remembered as its source and
/// the permutation, nodes that do not mind the order of axes compute on the source, and only a node that does mind makes
/// the transpose real. What stays are transposes at the border of the graph.
/// </summary>
internal sealed class LayoutPass
{
    private readonly OnnxGraph graph;
    private readonly OnnxBuilder builder;
    private readonly Dictionary<OnnxValue, (OnnxValue Source, long[] Permutation)> views = [];
    private List<OnnxNode> nodes = [];

    private LayoutPass(OnnxGraph graph, OnnxBuilder builder)
    {
        this.graph = graph;
        this.builder = builder;
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder) => new LayoutPass(builder.Graph, builder).Run();

    private void Run()
    {
        var before = graph.Nodes;
        nodes = graph.Nodes = [];
        foreach (var node in before)
        {
            foreach (var used in node.Graphs().Any() ? OnnxGraph.Uses(node).Distinct() : [])
            {
                Materialize(used, isNamed: true);
            }

            builder.Scope = node.Name;
            if (!TryView(node) && !TryPush(node))
            {
                for (var i = 0; i < node.Inputs.Count; i++)
                {
                    node.Inputs[i] = node.Inputs[i] is { } input ? Materialize(input, isNamed: false) : null;
                }

                nodes.Add(node);
            }
        }

        graph.Outputs.ForEach(o => Materialize(o, isNamed: true));
        graph.Prune();
    }

    /// <summary>A transpose becomes a view.</summary>
    private bool TryView(OnnxNode node)
    {
        if (node.Op != "Transpose" || node.Ints("perm") is not { } permutation)
        {
            return false;
        }

        var (source, first) = View(node.Inputs[0]!, permutation.Length);
        views[node.Output] = (source, Array.ConvertAll(permutation, p => first[p]));
        return true;
    }

    private (OnnxValue Source, long[] Permutation) View(OnnxValue value, int rank) =>
        views.TryGetValue(value, out var view) ? view : (value, Permutations.Identity(rank));

    /// <summary>The value itself, computed by a transpose where it is only a view so far.</summary>
    private OnnxValue Materialize(OnnxValue value, bool isNamed)
    {
        if (!views.TryGetValue(value, out var view))
        {
            return value;
        }

        if (Permutations.IsIdentity(view.Permutation))
        {
            if (!isNamed)
            {
                return view.Source;
            }

            Add(new(builder.TakeName("Identity"), "Identity"), value, view.Source);
        }
        else if (Permutations.KeepsOrder(view.Source.Shape, view.Permutation) && value.Shape is { } shape && shape.Dims.Count(static d => !d.IsConstant) <= 1)
        {
            // Only axes of one element move, so that nothing does.
            var target = shape.Dims.Select(static d => d.IsConstant ? d.Value : -1).ToArray();
            Add(new(builder.TakeName("Reshape"), "Reshape"), value, view.Source, builder.Ints(target));
        }
        else
        {
            var node = new OnnxNode(builder.TakeName("Transpose"), "Transpose");
            node.Attributes["perm"] = view.Permutation;
            Add(node, value, view.Source);
        }

        views.Remove(value);
        return value;
    }

    private void Add(OnnxNode node, OnnxValue output, params ReadOnlySpan<OnnxValue> inputs)
    {
        node.Inputs.AddRange(inputs);
        node.Outputs.Add(output);
        output.Producer = node;
        nodes.Add(node);
    }

    /// <summary>Lets a node compute on the sources of its views.</summary>
    private bool TryPush(OnnxNode node)
    {
        var viewed = node.Inputs.FirstOrDefault(i => i is not null && views.TryGetValue(i, out var v) && !Permutations.IsIdentity(v.Permutation));
        if (viewed is null || node.Graphs().Any())
        {
            return false;
        }

        var permutation = views[viewed].Permutation;
        return LayoutRules.KindOf(node.Op) switch
        {
            LayoutKind.Elementwise => PushElementwise(node, permutation),
            LayoutKind.Axis => PushAxis(node, permutation),
            LayoutKind.Axes => PushAxes(node, permutation),
            LayoutKind.Pad => PushPad(node, permutation),
            LayoutKind.Resize => PushResize(node, permutation),
            LayoutKind.Reshape => PushReshape(node),
            _ => false,
        };
    }

    private bool PushElementwise(OnnxNode node, long[] permutation)
    {
        var moved = new OnnxValue?[node.Inputs.Count];
        for (var i = 0; i < moved.Length; i++)
        {
            if (node.Inputs[i] is { } input && (moved[i] = Aligned(input, permutation)) is null)
            {
                return false;
            }
        }

        Emit(node, moved, permutation);
        return true;
    }

    /// <summary>An operand as the sources see it; null where that would need a transpose of something large.</summary>
    private OnnxValue? Aligned(OnnxValue input, long[] permutation)
    {
        if (views.TryGetValue(input, out var view))
        {
            return view.Permutation.AsSpan().SequenceEqual(permutation) ? view.Source : null;
        }

        if (input.Rank is not { } rank || rank > permutation.Length)
        {
            return null;
        }

        if (rank == 0)
        {
            return input;
        }

        if (rank == permutation.Length && Permutations.KeepsOrder(input.Shape, Permutations.Inverse(permutation)) && input.Shape!.Dims.Count(static d => !d.IsConstant) <= 1)
        {
            // What has one element along all axes that move is there already.
            return builder.Reshape(input, [.. Permutations.Inverse(permutation).Select(p => input.Shape![(int)p]).Select(static d => d.IsConstant ? d.Value : -1)]);
        }

        var isSmall = input.IsConstant || input.Shape!.Dims.Count(static d => !d.IsConstant || d.Value != 1) <= 1;
        if (!isSmall)
        {
            return null;
        }

        var full = rank == permutation.Length ? input : builder.Unsqueeze(input, [.. Enumerable.Range(0, permutation.Length - rank).Select(static i => (long)i)]);
        return builder.Transpose(full, Permutations.Inverse(permutation));
    }

    /// <summary>Concat, Split, Softmax and others with one axis.</summary>
    private bool PushAxis(OnnxNode node, long[] permutation)
    {
        var axis = node.Int("axis", node.Op is "Softmax" or "LogSoftmax" or "ArgMax" or "ArgMin" ? (node.Op.StartsWith("Arg", StringComparison.Ordinal) ? 0 : -1) : 0);
        axis = axis < 0 ? axis + permutation.Length : axis;
        var data = node.Op == "Concat" ? node.Inputs.Count : 1;
        if (node.Op.StartsWith("Arg", StringComparison.Ordinal) && node.Int("keepdims", 1) == 0)
        {
            return false;
        }

        var moved = new OnnxValue?[node.Inputs.Count];
        for (var i = 0; i < moved.Length; i++)
        {
            if (i >= data)
            {
                moved[i] = node.Inputs[i];
            }
            else if (views.TryGetValue(node.Inputs[i]!, out var view) && view.Permutation.AsSpan().SequenceEqual(permutation))
            {
                moved[i] = view.Source;
            }
            else
            {
                return false;
            }
        }

        node.Attributes["axis"] = permutation[axis];
        Emit(node, moved, permutation);
        return true;
    }

    /// <summary>Reductions, slices and squeezes, whose axes are an input.</summary>
    private bool PushAxes(OnnxNode node, long[] permutation)
    {
        var at = node.Op == "Slice" ? 3 : 1;
        if (node.Inputs.Count <= at || node.Inputs[at]?.Constant is not { } given || !views.TryGetValue(node.Inputs[0]!, out var view))
        {
            return false;
        }

        var rank = permutation.Length;
        var axes = Host.Arrays.ArrayCast.ToLongs(given);
        axes = Array.ConvertAll(axes, a => a < 0 ? a + rank : a);
        var moved = node.Inputs.ToArray();
        moved[0] = view.Source;
        moved[at] = builder.Ints(Array.ConvertAll(axes, a => permutation[a]));
        var drops = node.Op == "Squeeze" || (node.Op != "Slice" && node.Int("keepdims", 1) == 0);
        if (axes.Length == 0)
        {
            return false;
        }

        Emit(node, moved, drops ? Permutations.Without(permutation, axes) : permutation);
        return true;
    }

    private bool PushPad(OnnxNode node, long[] permutation)
    {
        if (node.Inputs[1]?.Constant is not { } given || (node.Inputs.Count > 3 && node.Inputs[3] is not null) || !views.TryGetValue(node.Inputs[0]!, out var view))
        {
            return false;
        }

        var rank = permutation.Length;
        var pads = Host.Arrays.ArrayCast.ToLongs(given);
        var reordered = new long[2 * rank];
        for (var i = 0; i < rank; i++)
        {
            reordered[permutation[i]] = pads[i];
            reordered[permutation[i] + rank] = pads[i + rank];
        }

        var moved = node.Inputs.ToArray();
        moved[0] = view.Source;
        moved[1] = builder.Ints(reordered);
        Emit(node, moved, permutation);
        return true;
    }

    private bool PushResize(OnnxNode node, long[] permutation)
    {
        if (node.Inputs.Count != 3 || node.Inputs[1] is not null || node.Attributes.ContainsKey("axes")
            || node.Inputs[2]?.Constant is not { DType: DType.Float32 } given || !views.TryGetValue(node.Inputs[0]!, out var view))
        {
            return false;
        }

        var scales = new float[permutation.Length];
        for (var i = 0; i < scales.Length; i++)
        {
            scales[permutation[i]] = given.AsSpan<float>()[i];
        }

        Emit(node, [view.Source, null, builder.Constant(TensorValue.From(scales, scales.Length))], permutation);
        return true;
    }

    private bool PushReshape(OnnxNode node)
    {
        if (!views.TryGetValue(node.Inputs[0]!, out var view) || ChannelReshape.Of(view.Source.Shape, view.Permutation, node.Output.Shape) is not { } reshape)
        {
            return false;
        }

        node.Attributes.Remove("allowzero");
        Emit(node, [view.Source, builder.Ints(reshape.Target)], reshape.Permutation);
        return true;
    }

    /// <summary>Adds the node on the sources; what it gave before becomes a view of what it gives now.</summary>
    private void Emit(OnnxNode node, OnnxValue?[] inputs, long[] permutation)
    {
        var copy = new OnnxNode(node.Name, node.Op, node.Domain);
        copy.Inputs.AddRange(inputs);
        foreach (var (name, value) in node.Attributes)
        {
            copy.Attributes[name] = value;
        }

        foreach (var output in node.Outputs)
        {
            var shape = output.Shape is { } s && s.Rank == permutation.Length ? new SymbolicShape(Permutations.Inverse(permutation).Select(p => s[(int)p])) : null;
            var source = new OnnxValue(builder.TakeName(output.Name), output.DType, shape) { Producer = copy };
            copy.Outputs.Add(source);
            views[output] = (source, permutation);
        }

        nodes.Add(copy);
    }
}
