using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>The letters of an Einsum of two operands: what each axis is called.</summary>
/// <param name="Left">The first operand's axes.</param>
/// <param name="Right">The second operand's axes.</param>
/// <param name="Result">The result's axes.</param>
internal sealed record EinsumTerms(string Left, string Right, string Result)
{
    /// <summary>Reads the equation of a node.</summary>
    /// <param name="node">Any node.</param>
    /// <returns>
    /// The letters; null where it is no Einsum of two operands, has an ellipsis, or an axis occurs twice in one operand or is summed over in
    /// one operand alone.
    /// </returns>
    public static EinsumTerms? Of(OnnxNode node)
    {
        if (node.Op != "Einsum" || node.Inputs.Count != 2)
        {
            return null;
        }

        var sides = node.Text("equation")!.Replace(" ", string.Empty, StringComparison.Ordinal).Split("->");
        var operands = sides[0].Split(',');
        if (sides.Length != 2 || operands.Length != 2)
        {
            return null;
        }

        var terms = new EinsumTerms(operands[0], operands[1], sides[1]);
        return IsPlain(terms.Left) && IsPlain(terms.Right) && IsPlain(terms.Result)
            && terms.Left.Concat(terms.Right).All(c => terms.Result.Contains(c, StringComparison.Ordinal) || (terms.Left.Contains(c, StringComparison.Ordinal) && terms.Right.Contains(c, StringComparison.Ordinal)))
            && terms.Result.All(c => terms.Left.Contains(c, StringComparison.Ordinal) || terms.Right.Contains(c, StringComparison.Ordinal))
            && node.Inputs[0]!.Rank == terms.Left.Length && node.Inputs[1]!.Rank == terms.Right.Length
            ? terms
            : null;
    }

    /// <summary>The same product with its operands in the other order.</summary>
    /// <returns>The letters.</returns>
    public EinsumTerms Swapped() => new(Right, Left, Result);

    /// <summary>The permutation that brings axes into another order.</summary>
    /// <param name="from">The axes as they are.</param>
    /// <param name="to">The same axes in the wished order.</param>
    /// <returns>Where each wished axis is now.</returns>
    public static long[] Order(string from, string to) => [.. to.Select(c => (long)from.IndexOf(c, StringComparison.Ordinal))];

    private static bool IsPlain(string term) => term.All(char.IsAsciiLetter) && term.Distinct().Count() == term.Length;
}
