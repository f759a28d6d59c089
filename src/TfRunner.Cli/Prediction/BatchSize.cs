namespace TfRunner.Cli.Prediction;

/// <summary>How many rows go into one call, and filling a short batch up where the signature takes one size only.</summary>
internal static class BatchSize
{
    // Small enough for pictures.
    private const int Least = 32;

    // Beyond this a call's own cost has long been shared out.
    private const int Most = 512;

    // What fits a processor's cache beside the model's weights.
    private const long Bytes = 1 << 16;

    /// <summary>Rows per call where neither the user nor the signature fixes it: the more, the smaller they are. It depends on the signature alone, so that the same rows make the same calls whatever file they come from.</summary>
    /// <param name="signature">What is called.</param>
    /// <returns>A power of two from 32 to 512; 32 for pictures and where rows may differ in size.</returns>
    public static int For(Signature signature)
    {
        var bytes = 0L;
        foreach (var input in signature.Inputs)
        {
            if (!input.Shape.IsRankKnown || input.Shape.Rank is 0 or > 2 || input.DType == DType.String || input.Shape.Dimensions[1..].Contains(-1))
            {
                return Least;
            }

            var row = (long)input.DType.ElementSize();
            foreach (var d in input.Shape.Dimensions[1..])
            {
                row *= d;
            }

            bytes += row;
        }

        var rows = (ulong)Math.Clamp(Bytes / Math.Max(bytes, 1), Least, Most);
        return (int)(System.Numerics.BitOperations.RoundUpToPowerOf2(rows + 1) / 2);
    }

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

    /// <summary>The rows to fill a batch up to, so that a row's result does not depend on how many came with it, down to the last bit: kernels compute whole blocks of rows alike, and what is left over in other ways.</summary>
    /// <param name="rows">Rows in the batch.</param>
    /// <param name="batchSize">Rows in a full one.</param>
    /// <param name="isOneOfMany">Whether there are other batches, here or in another part. A single small one is left as it is: filling it would only cost.</param>
    /// <returns>A multiple of 32, or of the batch size where that is less; not above the batch size.</returns>
    public static int Filled(int rows, int batchSize, bool isOneOfMany)
    {
        var block = Math.Min(batchSize, Least);
        return rows < block && !isOneOfMany ? rows : Math.Max(rows, Math.Min((rows + block - 1) / block * block, batchSize));
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
