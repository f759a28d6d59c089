namespace TfRunner.Cli.Prediction;

/// <summary>Rows on their way through a run.</summary>
/// <param name="Tensors">One per column.</param>
/// <param name="Consumed">Rows taken from the source up to the last of these, failed ones too.</param>
/// <param name="Failed">Failed rows among them.</param>
internal sealed record RowBatch(TensorValue[] Tensors, long Consumed, long Failed) : Data.Pipeline.IMeasured
{
    public long ByteLength => Tensors.Sum(static t => t.IsString ? t.Strings.Sum(static s => s.Length + 32L) : t.ByteLength);
}
