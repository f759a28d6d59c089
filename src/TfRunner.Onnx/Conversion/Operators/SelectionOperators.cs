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

    private static void GatherV2(OperatorContext op)
    {
        if (op.Attributes.Int("batch_dims") != 0)
        {
            throw new UnsupportedException("batch_dims is not 0");
        }

        op.Output(op.Builder.Gather(op.Input(0), op.Input(1), (int)op.ConstantInts(2)[0]));
    }
}
