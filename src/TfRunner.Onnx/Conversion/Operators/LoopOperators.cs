using TfRunner.Onnx.Conversion.Recurrent;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Loops, and lists of tensors, which are dense tensors with the elements along the first axis.</summary>
internal sealed class LoopOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(While, "While");

        // TensorListFromTensor, TensorListStack: a list is its stacked tensor.
        registry.Add(static op => op.Output(Dense(op)), "TensorListFromTensor", "TensorListStack");
        registry.Add(static op => op.Output(op.Builder.Gather(Dense(op), op.Input(1), 0)), "TensorListGetItem");
        registry.Add(static op => op.Output(op.Builder.Squeeze(op.Builder.DimensionOf(Dense(op), 0), 0)), "TensorListLength");
        registry.Add(Reserve, "TensorListReserve");
        registry.Add(SetItem, "TensorListSetItem");
    }

    private static void While(OperatorContext op)
    {
        if (!RecurrentLoop.TryConvert(op))
        {
            throw new UnsupportedException("the loop is not one that ONNX has an operator for");
        }
    }

    /// <summary>TensorListReserve: a list of elements that are not set yet; only a loop that sets them gives it a shape.</summary>
    private static void Reserve(OperatorContext op) =>
        op.Output(new(op.Node.Name, op.Attributes.DType("element_dtype"), null) { ReservedCount = op.Input(1) });

    /// <summary>TensorListSetItem: one row replaced. ONNX: ScatterND-18.</summary>
    private static void SetItem(OperatorContext op)
    {
        var list = Dense(op);
        var index = op.Builder.Reshape(op.Builder.Cast(op.Input(1), DType.Int64), 1, 1);
        op.Output(op.Emit("ScatterND", [list, index, op.Builder.Unsqueeze(op.Input(2), 0)]));
    }

    private static Building.OnnxValue Dense(OperatorContext op) => op.Input(0) is { ReservedCount: null } list
        ? list
        : throw new UnsupportedException("the elements of the list have no shape yet");
}
