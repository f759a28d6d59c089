namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Reductions over axes.</summary>
internal sealed class ReductionOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Axes are the second input; none at all reduces nothing in TensorFlow. ONNX: Reduce*-18 with noop_with_empty_axes.
        Reduction(registry, "ReduceSum", "Sum");
        Reduction(registry, "ReduceMean", "Mean");
        Reduction(registry, "ReduceProd", "Prod");
        Reduction(registry, "ReduceMax", "Max");
        Reduction(registry, "ReduceMin", "Min");
        Logical(registry, "ReduceMin", "All");
        Logical(registry, "ReduceMax", "Any");

        // ArgMax, ArgMin: the first of equals; the axis is the second input. ONNX: ArgMax-13.
        registry.Add(
            static op => op.Output(op.Emit(op.Op, [op.Input(0)], ("axis", op.ConstantInts(1)[0]), ("keepdims", 0L))), "ArgMax", "ArgMin");
    }

    private static void Reduction(OperatorRegistry registry, string onnx, string op) =>
        registry.Add(c => c.Output(c.Emit(onnx, [c.Input(0), Axes(c)], Attributes(c))), op);

    /// <summary>ONNX has no reduction for bool; the smallest is the conjunction, the largest the disjunction.</summary>
    private static void Logical(OperatorRegistry registry, string onnx, string op) =>
        registry.Add(c => c.Output(c.Emit(onnx, [c.Builder.Cast(c.Input(0), DType.UInt8), Axes(c)], Attributes(c))), op);

    private static (string, object)[] Attributes(OperatorContext op) =>
        [("keepdims", op.Attributes.Bool("keep_dims") ? 1L : 0L), ("noop_with_empty_axes", 1L)];

    private static Building.OnnxValue Axes(OperatorContext op)
    {
        var axes = op.Builder.Cast(op.Input(1), DType.Int64);
        return axes.Rank == 0 ? op.Builder.Reshape(axes, 1L) : axes;
    }
}
