namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Choosing elements: select, gather, one-hot, top-k.</summary>
internal sealed class SelectionOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // SelectV2: elementwise with broadcasting. ONNX: Where-16.
        registry.Add(static op => op.Output(op.Emit("Where", [op.Input(0), op.Input(1), op.Input(2)])), "SelectV2");

        // Gather, ResourceGather: slices along the first axis. ONNX: Gather-13.
        registry.Add(static op => op.Output(op.Builder.Gather(op.Input(0), op.Input(1), 0)), "Gather", "ResourceGather");
        registry.Add(GatherV2, "GatherV2");
    }

    /// <summary>
    /// GatherV2: slices along an axis; the first batch_dims axes of both operands go together. ONNX: Gather-13, or GatherND-13
    /// for batches, after the axis has been moved behind them.
    /// </summary>
    private static void GatherV2(OperatorContext op)
    {
        var batch = (int)op.Attributes.Int("batch_dims");
        var axis = (int)op.ConstantInts(2)[0];
        if (batch == 0)
        {
            op.Output(op.Builder.Gather(op.Input(0), op.Input(1), axis));
            return;
        }

        var (rank, indexRank) = (op.RankOf(0), op.RankOf(1));
        batch = batch < 0 ? batch + indexRank : batch;
        axis = axis < 0 ? axis + rank : axis;
        var x = op.Input(0);
        if (axis != batch)
        {
            x = op.Builder.Transpose(x, [.. Numbers(0, batch), axis, .. Numbers(batch, axis), .. Numbers(axis + 1, rank)]);
        }

        var indices = op.Builder.Unsqueeze(op.Builder.Cast(op.Input(1), DType.Int64), -1);
        var y = op.Emit("GatherND", [x, indices], ("batch_dims", (long)batch));
        if (axis != batch)
        {
            // [batch, indices, between, after] to [batch, between, indices, after].
            var (from, between) = (indexRank, axis - batch);
            y = op.Builder.Transpose(
                y, [.. Numbers(0, batch), .. Numbers(from, from + between), .. Numbers(batch, from), .. Numbers(from + between, rank + indexRank - batch - 1)]);
        }

        op.Output(y);
    }

    private static IEnumerable<long> Numbers(int start, int end) => Enumerable.Range(start, end - start).Select(static i => (long)i);
}
