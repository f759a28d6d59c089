namespace TfRunner.Benchmarks;

/// <summary>Makes inputs of a wanted number of rows from recorded ones, so that values stay those of real data.</summary>
internal static class Batches
{
    /// <summary>Whether the signature has an input whose first dimension may vary.</summary>
    /// <param name="signature">The signature.</param>
    /// <returns>True when batches of any size may be made.</returns>
    public static bool AreFree(Signature signature) => signature.Inputs.Any(IsFree);

    /// <summary>Repeats the recorded rows until there are enough.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="recorded">One tensor per input, in the signature's order, with at least one row each.</param>
    /// <param name="rows">How many rows to make.</param>
    /// <returns>One tensor per input; the caller disposes them. Inputs without a free first dimension are copied.</returns>
    public static TensorValue[] Repeat(Signature signature, IReadOnlyList<TensorValue> recorded, int rows) =>
        [.. signature.Inputs.Select((spec, i) => IsFree(spec) && recorded[i].Rank > 0 ? Repeat(recorded[i], rows) : recorded[i].Clone())];

    private static TensorValue Repeat(TensorValue recorded, int rows)
    {
        var result = TensorValue.Allocate(recorded.DType, [rows, .. recorded.Dimensions[1..]]);
        for (var row = 0; row < rows; row++)
        {
            result.CopyRows(recorded, row % recorded.Dimensions[0], row, 1);
        }

        return result;
    }

    private static bool IsFree(TensorSpec spec) => !spec.Shape.IsRankKnown || (spec.Shape.Rank > 0 && spec.Shape[0] < 0);
}
