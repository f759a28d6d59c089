using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Reductions over axes.</summary>
internal sealed class ReductionOperators : IOperatorFamily
{
    /// <summary>The most elements of a row whose reduction takes less time than a further node.</summary>
    private const long SmallRow = 1024;

    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Axes are the second input; none at all reduces nothing in TensorFlow. ONNX: Reduce*-18 with noop_with_empty_axes.
        Reduction(registry, "ReduceSum", "Sum");
        registry.Add(Mean, "Mean");
        Reduction(registry, "ReduceProd", "Prod");
        registry.Add(static op => Extreme(op, "ReduceMax"), "Max");
        registry.Add(static op => Extreme(op, "ReduceMin"), "Min");
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

    /// <summary>
    /// Mean: NaN of nothing, where ONNX Runtime's ReduceMean gives 0. Where a reduced dimension may be empty, the sum is divided by the count.
    /// </summary>
    private static void Mean(OperatorContext op)
    {
        var x = op.Input(0);
        var axes = Axes(op);
        if (!x.DType.IsFloating() || IsFilled(op, x))
        {
            op.Output(op.Emit("ReduceMean", [x, axes], Attributes(op)));
            return;
        }

        // The count is that of the operand over that of the result, which are both known to the graph.
        var sum = op.Emit("ReduceSum", [x, axes], Attributes(op));
        var kept = op.Emit("Gather", [op.Builder.ShapeOf(x), axes], ("axis", 0L));
        var count = op.Emit("ReduceProd", [kept, op.Builder.Ints(0)], ("keepdims", 0L));
        op.Output(op.Emit("Div", [sum, op.Builder.Cast(count, x.DType)]));
    }

    /// <summary>Whether every dimension that may be reduced is a number above zero.</summary>
    private static bool IsFilled(OperatorContext op, OnnxValue x)
    {
        if (x.Shape is not { } shape)
        {
            return false;
        }

        var axes = op.TryConstantInts(1) ?? [.. Enumerable.Range(0, shape.Rank).Select(static i => (long)i)];
        return axes.All(a => a >= -shape.Rank && a < shape.Rank && shape[(int)a].IsConstant && shape[(int)a].Value > 0);
    }

    /// <summary>
    /// Max, Min: NaN wins, which ONNX Runtime's ReduceMax and ReduceMin pass over. The sum of what is absolutely there is NaN exactly
    /// where one element is; it is never below the smallest, and less it is never above the largest, so that Min-13 and Max-13, which
    /// keep NaN, add nothing else. Of no elements, where that does not hold, NaN is chosen.
    /// </summary>
    private static void Extreme(OperatorContext op, string onnx)
    {
        var x = op.Input(0);
        var axes = Axes(op);
        var result = op.Emit(onnx, [x, axes], Attributes(op));
        if (!x.DType.IsFloating())
        {
            op.Output(result);
            return;
        }

        // One node is quicker than two for little, but it takes one element at a time.
        var sum = IsSmall(x) ? op.Emit("ReduceL1", [x, axes], Attributes(op)) : op.Emit("ReduceSum", [op.Emit("Abs", [x]), axes], Attributes(op));
        op.Output(!IsFilled(op, x) ? op.Emit("Where", [op.Emit("IsNaN", [sum]), sum, result])
            : onnx == "ReduceMin" ? op.Emit("Min", [result, sum])
            : op.Emit("Max", [result, op.Emit("Neg", [sum])]));
    }

    private static bool IsSmall(OnnxValue x) =>
        x.Shape is { Rank: > 0 } shape && shape.Dims.Skip(1).All(static d => d.IsConstant) && shape.Dims.Skip(1).Aggregate(1L, static (n, d) => n * d.Value) <= SmallRow;

    private static (string, object)[] Attributes(OperatorContext op) =>
        [("keepdims", op.Attributes.Bool("keep_dims") ? 1L : 0L), ("noop_with_empty_axes", 1L)];

    private static OnnxValue Axes(OperatorContext op)
    {
        var axes = op.Builder.Cast(op.Input(1), DType.Int64);
        return axes.Rank == 0 ? op.Builder.Reshape(axes, 1L) : axes;
    }
}
