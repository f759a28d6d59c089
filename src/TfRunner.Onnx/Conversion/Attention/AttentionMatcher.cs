using System.Collections.Immutable;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Fusion;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>
/// Finds scaled dot-product attention in a graph, written with Einsum, as Keras does, or with MatMul and transposes, as most hand-written
/// layers do. Source: A. Vaswani et al., Attention Is All You Need, 2017.
/// </summary>
internal sealed class AttentionMatcher
{
    /// <summary>A number below this swallows what is added to it, so that adding it to a score and putting it there is the same.</summary>
    private const double Overwhelming = -1e30;

    private readonly ValueUses uses;

    /// <summary>Looks at a graph, which must not change between matches.</summary>
    /// <param name="uses">Who uses the values of the graph.</param>
    public AttentionMatcher(ValueUses uses) => this.uses = uses;

    /// <summary>Reads an attention backwards from its last node.</summary>
    /// <param name="node">Any node.</param>
    /// <returns>The attention; null where the node does not end one, or where something else needs its scores.</returns>
    public AttentionMatch? Find(OnnxNode node)
    {
        foreach (var (probabilities, value, order) in Contexts(node))
        {
            if (probabilities.DType == DType.Float32 && OnnxMatch.Node(probabilities, "Softmax") is { } softmax
                && softmax.Int("axis", -1) is var axis && (axis == -1 || axis == probabilities.Rank - 1) && Scores(softmax.Inputs[0]!) is { } scores
                && scores.Query.HasKnownHeads && scores.Key.HasKnownHeads && value.HasKnownHeads
                && (node.Op != "MatMul" || HaveSameBatch(scores.Way[0], node.Inputs[1]!)) && IsOwn(scores.Way.Add(softmax.Output), node))
            {
                return new(node, scores, value.Bare() is var (bare, factor) && factor == 1 ? bare : value, order);
            }
        }

        return null;
    }

    /// <summary>Whether only the attention itself needs its scores, and others no more than their shape.</summary>
    private bool IsOwn(ImmutableList<OnnxValue> way, OnnxNode last)
    {
        var own = way.ConvertAll(static v => v.Producer).Add(last);
        return way.TrueForAll(v => uses.Of(v) is { } found && found.All(n => own.Contains(n) || n.Op == "Shape"));
    }

    private static AttentionScores? Scores(OnnxValue value)
    {
        if (Product(value) is var (query, key))
        {
            var ((q, first), (k, second)) = (query.Bare(), key.Bare());
            return new(q, k, first * second, [], [value]);
        }

        if (Factor(value) is var (x, factor))
        {
            return Scores(x) is { Masks.IsEmpty: true } plain ? plain with { Scale = plain.Scale * factor, Way = plain.Way.Add(value) } : null;
        }

        foreach (var (under, mask) in Masked(value))
        {
            if (under.Rank == value.Rank && Scores(under) is { } masked)
            {
                return masked with { Masks = masked.Masks.Add(mask), Way = masked.Way.Add(value) };
            }
        }

        return null;
    }

    private static (OnnxValue X, double Factor)? Factor(OnnxValue value)
    {
        if (OnnxMatch.Node(value, "Div") is { } quotient && OnnxMatch.Number(quotient.Inputs[1]) is { } divisor && divisor != 0)
        {
            return (quotient.Inputs[0]!, 1 / divisor);
        }

        foreach (var (x, number) in OnnxMatch.Pairs(value, "Mul"))
        {
            if (OnnxMatch.Number(number) is { } factor && factor != 0)
            {
                return (x, factor);
            }
        }

        return null;
    }

    private static IEnumerable<(OnnxValue Under, AttentionMask Mask)> Masked(OnnxValue value)
    {
        if (OnnxMatch.Node(value, "Where") is { } choice)
        {
            for (var i = 1; i <= 2; i++)
            {
                if (OnnxMatch.Number(choice.Inputs[3 - i]) <= Overwhelming)
                {
                    yield return (choice.Inputs[i]!, new(Condition(choice.Inputs[0]!, choice.Inputs[i]!), choice.Inputs[3 - i], i == 1));
                }
            }
        }

        foreach (var (under, added) in OnnxMatch.Pairs(value, "Add"))
        {
            yield return (under, new(added));
        }
    }

    /// <summary>A condition without what always holds: Keras makes ones of the scores' shape before it looks at its masks.</summary>
    /// <param name="value">The condition.</param>
    /// <param name="scores">The scores it is for.</param>
    /// <returns>The rest of the condition.</returns>
    public static OnnxValue Condition(OnnxValue value, OnnxValue scores)
    {
        foreach (var (always, rest) in OnnxMatch.Pairs(value, "And"))
        {
            if (OnnxMatch.Node(always, "Expand") is { } ones && ones.Inputs[0]!.Constant is { DType: DType.Bool, Length: 1 } one && one.AsSpan<bool>()[0]
                && always.Shape is { } shape && shape.SameAs(scores.Shape))
            {
                return Condition(rest, scores);
            }
        }

        return value;
    }

    /// <summary>Queries and keys where a value is their product, [batch, heads, steps of the queries, steps of the keys] or without heads.</summary>
    private static (AttentionOperand Query, AttentionOperand Key)? Product(OnnxValue value)
    {
        if (OnnxMatch.Node(value, "MatMul") is { } product)
        {
            var (a, b) = (product.Inputs[0]!, product.Inputs[1]!);
            return !HaveSameBatch(a, b) ? null
                : a.Rank == 4 ? (new(a, [0, 2, 1, 3]), new(b, [0, 3, 1, 2]))
                : (new(a, [0, 1, 2]), new(b, [0, 2, 1]));
        }

        if (value is not { IsConstant: false, Producer: { } einsum } || EinsumTerms.Of(einsum) is not { Result.Length: 3 or 4 } terms)
        {
            return null;
        }

        var batch = terms.Result[..^2];
        foreach (var (at, t) in new[] { (0, terms), (1, terms.Swapped()) })
        {
            if (t.Left.Length == t.Result.Length && t.Right.Length == t.Result.Length && Has(t.Left, batch + t.Result[^2]) && Has(t.Right, batch + t.Result[^1])
                && !Has(t.Right, t.Result[^2..^1]))
            {
                var summed = t.Left.Single(c => !t.Result.Contains(c, StringComparison.Ordinal));
                return (
                    new(einsum.Inputs[at]!, EinsumTerms.Order(t.Left, $"{batch[0]}{t.Result[^2]}{batch[1..]}{summed}")),
                    new(einsum.Inputs[1 - at]!, EinsumTerms.Order(t.Right, $"{batch[0]}{t.Result[^1]}{batch[1..]}{summed}")));
            }
        }

        return null;
    }

    /// <summary>What a node could be the last product of: probabilities, values and the order of the result's axes.</summary>
    private static IEnumerable<(OnnxValue Probabilities, AttentionOperand Value, long[] Order)> Contexts(OnnxNode node)
    {
        if (node.Op == "MatMul" && node.Inputs[0]!.Rank is 3 or 4 && node.Inputs[1]!.Rank == node.Inputs[0]!.Rank)
        {
            long[] order = node.Inputs[0]!.Rank == 4 ? [0, 2, 1, 3] : [0, 1, 2];
            yield return (node.Inputs[0]!, new(node.Inputs[1]!, order), order);
        }

        if (EinsumTerms.Of(node) is not { Result.Length: 3 or 4 } terms)
        {
            yield break;
        }

        foreach (var (at, t) in new[] { (0, terms), (1, terms.Swapped()) })
        {
            if (t.Left.Length != t.Result.Length || t.Right.Length != t.Result.Length)
            {
                continue;
            }

            var (batch, steps, summed) = (t.Left[..^2], t.Left[^2..^1], t.Left[^1..]);
            if (Has(t.Right, batch + summed) && !Has(t.Right, steps) && Has(t.Result, batch + steps))
            {
                var size = t.Right.Single(c => !t.Left.Contains(c, StringComparison.Ordinal));
                yield return (
                    node.Inputs[at]!,
                    new(node.Inputs[1 - at]!, EinsumTerms.Order(t.Right, $"{batch[0]}{summed}{batch[1..]}{size}")),
                    EinsumTerms.Order($"{batch[0]}{steps}{batch[1..]}{size}", t.Result));
            }
        }
    }

    private static bool Has(string letters, string all) => all.All(c => letters.Contains(c, StringComparison.Ordinal));

    /// <summary>Whether both are matrices, one per row of the same batch, or one per head of it: the operators do not broadcast them.</summary>
    private static bool HaveSameBatch(OnnxValue a, OnnxValue b) =>
        a.Shape is { Rank: 3 or 4 } x && b.Shape is { } y && x.Rank == y.Rank && x.Dims.Take(x.Rank - 2).SequenceEqual(y.Dims.Take(y.Rank - 2));
}
