namespace TfRunner.Onnx.Host;

/// <summary>A ragged tensor as one value, which ops pass on as a variant.</summary>
/// <param name="Splits">The row splits of each ragged level, outermost first; none for a tensor.</param>
/// <param name="Values">The innermost values.</param>
internal sealed record HostRagged(IReadOnlyList<long[]> Splits, TensorValue Values)
{
    /// <summary>The number of rows of the outermost level.</summary>
    public long Rows => Splits.Count > 0 ? Splits[0].Length - 1 : Values.Rank > 0 ? Values.Dimensions[0] : 1;
}
