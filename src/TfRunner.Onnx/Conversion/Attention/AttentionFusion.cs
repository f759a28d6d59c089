using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Fusion;
using TfRunner.Onnx.Conversion.Layout;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>
/// Makes one operator of scaled dot-product attention. Self-attention, whose queries, keys and values are projections of one value, becomes
/// com.microsoft.Attention with its projections and masks; other attention without a mask becomes com.microsoft.MultiHeadAttention. Masks of
/// other attention stay steps, which were no slower. A masked score that is infinite or no number stays so under an added mask; only a row
/// of which nothing counts can tell. Shapes and dtypes: ONNX Runtime, docs/ContribOperators.md.
/// </summary>
internal sealed class AttentionFusion
{
    private const string Domain = "com.microsoft";

    private readonly OnnxBuilder builder;
    private readonly ValueUses uses;
    private readonly AttentionMatcher matcher;
    private readonly Dictionary<(TensorValue, TensorValue, TensorValue, TensorValue?, TensorValue?, TensorValue?), (OnnxValue Weights, OnnxValue Bias)> packed = [];

    private AttentionFusion(OnnxBuilder builder)
    {
        this.builder = builder;
        uses = new(builder.Graph);
        matcher = new(uses);
    }

    /// <summary>Rewrites a graph, and all its products written with Einsum.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        EinsumForm.Run(builder, weightsOnly: true);
        SplitBiasForm.Run(builder);
        if (builder.Graph.Nodes.Exists(static n => n.Op == "Softmax"))
        {
            new AttentionFusion(builder).Run();
        }

        EinsumForm.Run(builder, weightsOnly: false);
    }

    private void Run()
    {
        var before = builder.Graph.Nodes;
        var ends = new Dictionary<OnnxNode, (AttentionMatch Match, SelfAttention? Self)>();
        var shapes = new Dictionary<OnnxNode, (AttentionMatch Match, SelfAttention? Self)>();
        foreach (var node in before)
        {
            if (matcher.Find(node) is not { } match)
            {
                continue;
            }

            var self = SelfAttention.Of(match, uses);
            if (self is not null || (match.Scores.Masks.IsEmpty && IsFree(match)))
            {
                ends[node] = (match, self);
                match.Scores.Way.SelectMany(v => uses.Of(v)!).Where(static n => n.Op == "Shape").ToList().ForEach(n => shapes[n] = (match, self));
            }
            else
            {
                match.DropIdleConditions();
            }
        }

        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            builder.Scope = node.Name;
            if (shapes.TryGetValue(node, out var shaped))
            {
                EmitShape(node, shaped.Match, shaped.Self);
            }
            else if (ends.TryGetValue(node, out var end))
            {
                Emit(end.Match, end.Self);
            }
            else
            {
                builder.Graph.Nodes.Add(node);
            }
        }

        builder.Graph.Prune();
    }

    /// <summary>Whether what is left of transposes cancels.</summary>
    private bool IsFree(AttentionMatch match) =>
        match.Scores.Query.IsOrdered && match.Scores.Key.IsOrdered && match.Value.IsOrdered
        && (Permutations.IsIdentity(match.Order)
            || (uses.Of(match.Node.Output) is { } users && users.All(n => n.Op == "Transpose" && n.Ints("perm") is { } p && p.AsSpan().SequenceEqual(Permutations.Inverse(match.Order)))));

    private void Emit(AttentionMatch match, SelfAttention? self)
    {
        var query = match.Scores.Query;
        var width = match.HasHeads ? match.Heads * match.Value.Dim(3) : match.Value.Dim(2);
        SymbolicShape shape = new(query.Dim(0), query.Dim(1), width);
        OnnxValue result;
        if (self is not null)
        {
            var (weights, bias) = Packed(self);
            var sizes = Array.ConvertAll([self.Query, self.Key, self.Value], static p => p.Matrix.Shape![1].Value);
            result = builder.EmitForeign(
                Domain,
                "Attention",
                [(DType.Float32, shape)],
                [self.Query.X, weights, bias, null, null, Mask(match, self)],
                ("num_heads", match.Heads),
                ("scale", match.Scores.Scale * self.Factor),
                ("qkv_hidden_sizes", sizes))[0];
        }
        else
        {
            result = builder.EmitForeign(
                Domain,
                "MultiHeadAttention",
                [(DType.Float32, shape)],
                [query.Flat(builder), match.Scores.Key.Flat(builder), match.Value.Flat(builder)],
                ("num_heads", match.Heads),
                ("scale", match.Scores.Scale))[0];
        }

        if (!match.HasHeads)
        {
            builder.EmitInPlaceOf(match.Node, "Transpose", [result], ("perm", match.Order));
            return;
        }

        long[] split = [0, 0, match.Heads, match.Value.Dim(3).Value];
        if (Permutations.IsIdentity(match.Order))
        {
            builder.EmitInPlaceOf(match.Node, "Reshape", [result, builder.Ints(split)]);
        }
        else
        {
            builder.EmitInPlaceOf(match.Node, "Transpose", [builder.Reshape(result, split)], ("perm", match.Order));
        }
    }

    /// <summary>Weights and biases of the three projections side by side; the same ones where layers share them.</summary>
    private (OnnxValue Weights, OnnxValue Bias) Packed(SelfAttention self)
    {
        Projection[] all = [self.Query, self.Key, self.Value];
        var key = (all[0].Matrix.Constant!, all[1].Matrix.Constant!, all[2].Matrix.Constant!, all[0].Bias?.Constant, all[1].Bias?.Constant, all[2].Bias?.Constant);
        if (!packed.TryGetValue(key, out var found))
        {
            var biases = Array.ConvertAll(all, p => p.Bias is { } b ? builder.Reshape(b, b.Constant!.Length) : builder.Constant(TensorValue.Zeros(DType.Float32, p.Matrix.Shape![1].Value)));
            packed[key] = found = (builder.Concat(1, Array.ConvertAll(all, static p => p.Matrix)), builder.Concat(0, biases));
        }

        return found;
    }

    /// <summary>All masks in one value of [batch or 1, heads or 1, steps, steps]; null where there are none.</summary>
    private OnnxValue? Mask(AttentionMatch match, SelfAttention self)
    {
        if (match.Scores.Masks.IsEmpty)
        {
            return null;
        }

        var bias = match.Scores.Masks.Aggregate((OnnxValue?)null, (before, mask) => mask.Bias(builder, before))!;
        if (!match.HasHeads && bias.Rank == 3)
        {
            bias = builder.Unsqueeze(bias, 1);
        }

        bias = builder.Unsqueeze(bias, [.. Enumerable.Range(0, 4 - bias.Rank!.Value).Select(static i => (long)i)]);
        var (steps, keys) = (match.Scores.Query.Dim(1), match.Scores.Key.Dim(1));
        if (bias.Shape![2] == steps && bias.Shape[3] == keys)
        {
            return bias;
        }

        var (one, size) = (builder.Ints(1), builder.DimensionOf(self.Query.X, 1));
        return builder.Emit("Expand", [bias, builder.Concat(0, one, one, size, size)]);
    }

    /// <summary>The shape of scores that are not computed any more.</summary>
    private void EmitShape(OnnxNode node, AttentionMatch match, SelfAttention? self)
    {
        var x = (Query: self?.Query.X ?? match.Scores.Query.Value, Key: self?.Query.X ?? match.Scores.Key.Value);
        OnnxValue[] heads = match.HasHeads ? [builder.Ints(match.Heads)] : [];
        builder.EmitInPlaceOf(node, "Concat", [builder.DimensionOf(x.Query, 0), .. heads, builder.DimensionOf(x.Query, 1), builder.DimensionOf(x.Key, 1)], ("axis", 0L));
    }
}
