namespace TfRunner.Cli.Prediction;

/// <summary>How many rows go into one call, and filling a short batch up where the signature takes one size only.</summary>
internal static class BatchSize
{
    /// <summary>Rows per call where neither the user nor the signature says: enough to keep two cores busy, small enough for pictures.</summary>
    public const int Default = 32;

    /// <summary>The number of rows that the signature's inputs are fixed to.</summary>
    /// <param name="signature">What is called.</param>
    /// <returns>The number; null when it takes any.</returns>
    public static int? Fixed(Signature signature)
    {
        var sizes = signature.Inputs
            .Where(static i => i.Shape.IsRankKnown && i.Shape.Rank > 0)
            .Select(static i => i.Shape[0])
            .Distinct()
            .ToList();
        return sizes is [> 0] ? checked((int)sizes[0]) : null;
    }

    /// <summary>Fills a batch up by repeating its last row.</summary>
    /// <param name="inputs">The inputs of one call; replaced where they are short.</param>
    /// <param name="rows">How many rows each must have.</param>
    public static void Pad(TensorValue[] inputs, int rows)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var given = inputs[i].Rank == 0 ? rows : inputs[i].Dimensions[0];
            if (given == rows)
            {
                continue;
            }

            var full = TensorValue.Allocate(inputs[i].DType, [rows, .. inputs[i].Dimensions[1..]]);
            full.CopyRows(inputs[i], 0, 0, given);
            for (var row = given; row < rows; row++)
            {
                full.CopyRows(inputs[i], given - 1, row, 1);
            }

            inputs[i].Dispose();
            inputs[i] = full;
        }
    }
}
