using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Fusion;
using TfRunner.Onnx.Conversion.Layout;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Attention;

/// <summary>Queries, keys or values of an attention, in whatever order their axes are.</summary>
/// <param name="Value">The value.</param>
/// <param name="Order">The permutation that gives [batch, steps, heads, size], or [batch, steps, size] without heads.</param>
internal sealed record AttentionOperand(OnnxValue Value, long[] Order)
{
    /// <summary>Whether no transpose is needed.</summary>
    public bool IsOrdered => Permutations.IsIdentity(Order);

    /// <summary>The axes one after the other, and no dimension of them unknown but batch and steps.</summary>
    public bool HasKnownHeads => Order.Length == 3 || (Dim(2).IsConstant && Dim(3).IsConstant && Dim(2).Value > 0 && Dim(3).Value > 0);

    /// <summary>A dimension in the order that the permutation gives.</summary>
    /// <param name="axis">From 0.</param>
    /// <returns>The dimension.</returns>
    public Dim Dim(int axis) => Value.Shape![(int)Order[axis]];

    /// <summary>What the operand is before transposes and factors.</summary>
    /// <returns>The operand and the product of the factors.</returns>
    public (AttentionOperand Operand, double Factor) Bare()
    {
        if (OnnxMatch.Node(Value, "Transpose") is { } transpose && transpose.Ints("perm") is { } permutation)
        {
            return new AttentionOperand(transpose.Inputs[0]!, Array.ConvertAll(Order, o => permutation[o])).Bare();
        }

        foreach (var (x, number) in OnnxMatch.Pairs(Value, "Mul"))
        {
            if (OnnxMatch.Number(number) is { } factor && factor != 0 && x.Rank == Order.Length)
            {
                var (bare, inner) = (this with { Value = x }).Bare();
                return (bare, inner * factor);
            }
        }

        return (this, 1);
    }

    /// <summary>The operand as [batch, steps, heads * size].</summary>
    /// <param name="builder">Adds what that takes.</param>
    /// <returns>The value.</returns>
    public OnnxValue Flat(OnnxBuilder builder) => Unsplit ?? Flat(builder, builder.Transpose(Value, Order));

    /// <summary>The operand before it was split into heads; null where it was not.</summary>
    public OnnxValue? Unsplit =>
        Order.Length == 3 ? IsOrdered ? Value : null
        : IsOrdered && OnnxMatch.Node(Value, "Reshape") is { } split && split.Inputs[0]!.Shape is { Rank: 3 } flat && flat[0] == Dim(0) && flat[1] == Dim(1) ? split.Inputs[0]
        : null;

    private OnnxValue Flat(OnnxBuilder builder, OnnxValue ordered) => Order.Length == 3 ? ordered : builder.Reshape(ordered, 0, 0, Dim(2).Value * Dim(3).Value);
}
