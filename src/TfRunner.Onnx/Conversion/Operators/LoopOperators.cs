using TfRunner.Onnx.Conversion.Recurrent;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Loops, and lists of tensors, which are dense tensors with the elements along the first axis.</summary>
internal sealed class LoopOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(While, "While");
        registry.Add(If, "If");

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
            GeneralLoop.Convert(op);
        }
    }

    /// <summary>If: the second branch when the condition holds; a number holds when it is not zero. ONNX: If-21.</summary>
    private static void If(OperatorContext op)
    {
        var b = op.Builder;
        var test = op.Input(0);
        if (test.Rank != 0 || test.DType == DType.String)
        {
            throw new UnsupportedException("its condition is no scalar number");
        }

        var branches = op.Node.Graphs.Select(_ => b.Nested()).ToList();
        var results = op.Node.Graphs.Select((g, i) => op.Trace(g, branches[i], [])).ToList();
        var types = new List<(DType, SymbolicShape?)>();
        for (var i = 0; i < op.OutputCount; i++)
        {
            var (no, yes) = (results[0][i], results[1][i]);
            if (no.DType != yes.DType || no.ReservedCount is not null || yes.ReservedCount is not null)
            {
                throw new UnsupportedException("its branches give values that are not alike");
            }

            branches[0].Output(no);
            branches[1].Output(yes);
            types.Add((no.DType, Join(no.Shape, yes.Shape)));
        }

        var outputs = b.EmitForeign(
            string.Empty, "If", [.. types], [b.Cast(test, DType.Bool)], ("else_branch", branches[0].Graph), ("then_branch", branches[1].Graph));
        for (var i = 0; i < outputs.Count; i++)
        {
            op.Output(i, outputs[i]);
        }
    }

    private static SymbolicShape? Join(SymbolicShape? a, SymbolicShape? b) => a is null || b is null || a.Rank != b.Rank
        ? null
        : new(a.Dims.Select((d, i) => d == b[i] ? d : Dim.Unknown()));

    /// <summary>TensorListReserve: a list of elements that are not set yet; only a loop that sets them gives it a shape.</summary>
    private static void Reserve(OperatorContext op) =>
        op.Output(new(op.Node.Name, op.Attributes.DType("element_dtype"), null) { ReservedCount = op.Input(1) });

    /// <summary>TensorListSetItem: one row replaced. ONNX: ScatterND-18.</summary>
    private static void SetItem(OperatorContext op)
    {
        if (op.Input(0).CollectsItems)
        {
            op.Output(op.Input(2));
            return;
        }

        var list = Dense(op);
        var index = op.Builder.Reshape(op.Builder.Cast(op.Input(1), DType.Int64), 1, 1);
        op.Output(op.Emit("ScatterND", [list, index, op.Builder.Unsqueeze(op.Input(2), 0)]));
    }

    private static Building.OnnxValue Dense(OperatorContext op) => op.Input(0) is { ReservedCount: null } list
        ? list
        : throw new UnsupportedException("the elements of the list have no shape yet");
}
