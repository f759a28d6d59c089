using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Elementwise arithmetic, comparisons and casts.</summary>
internal sealed class ArithmeticOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Broadcasting is NumPy's in both. ONNX: Add-14, Sub-14, Mul-14, Div-14, Pow-15, Max-13, Min-13.
        Binary(registry, "Add", "Add", "AddV2");
        Binary(registry, "Sub", "Sub");
        Binary(registry, "Mul", "Mul");
        registry.Add(Divide, "RealDiv");
        Binary(registry, "Max", "Maximum");
        Binary(registry, "Min", "Minimum");
        Binary(registry, "Pow", "Pow");
        Binary(registry, "Less", "Less");
        Binary(registry, "LessOrEqual", "LessEqual");
        Binary(registry, "Greater", "Greater");
        Binary(registry, "GreaterOrEqual", "GreaterEqual");
        Binary(registry, "Equal", "Equal");
        Binary(registry, "And", "LogicalAnd");
        Binary(registry, "Or", "LogicalOr");
        registry.Add(static op => op.Output(op.Emit("Not", [op.Emit("Equal", [op.Input(0), op.Input(1)])])), "NotEqual");
        registry.Add(static op => op.Output(op.Emit("Not", [op.Input(0)])), "LogicalNot");

        // AddN: the sum of all inputs.
        registry.Add(static op => op.Output(op.Inputs().Aggregate((a, b) => op.Emit("Add", [a, b]))), "AddN");

        Unary(registry, "Neg", "Neg");
        Unary(registry, "Abs", "Abs");
        Unary(registry, "Sqrt", "Sqrt");
        Unary(registry, "Exp", "Exp");
        Unary(registry, "Log", "Log");
        Unary(registry, "Floor", "Floor");
        Unary(registry, "Ceil", "Ceil");
        Unary(registry, "Erf", "Erf");
        Unary(registry, "IsNaN", "IsNan");
        Unary(registry, "Reciprocal", "Reciprocal", "Inv");

        // Rsqrt: 1 / sqrt(x).
        registry.Add(static op => op.Output(op.Emit("Reciprocal", [op.Emit("Sqrt", [op.Input(0)])])), "Rsqrt");

        // Square, SquaredDifference: by multiplication, which ONNX Runtime has for every number type.
        registry.Add(static op => op.Output(op.Emit("Mul", [op.Input(0), op.Input(0)])), "Square");
        registry.Add(
            static op =>
            {
                var difference = op.Emit("Sub", [op.Input(0), op.Input(1)]);
                op.Output(op.Emit("Mul", [difference, difference]));
            },
            "SquaredDifference");

        // Erfc: 1 - erf(x), with x negated so that large x do not cancel to zero too early is not needed for activations.
        registry.Add(
            static op =>
            {
                var erf = op.Emit("Erf", [op.Input(0)]);
                op.Output(op.Emit("Sub", [op.Builder.Scalar(erf.DType, 1), erf]));
            },
            "Erfc");

        registry.Add(Cast, "Cast");
    }

    private static void Binary(OperatorRegistry registry, string onnx, params ReadOnlySpan<string> ops) =>
        registry.Add(op => op.Output(op.Emit(onnx, [op.Input(0), op.Input(1)])), ops);

    /// <summary>
    /// RealDiv. TensorFlow's graph optimiser writes a division by a constant as a product with its reciprocal, which rounds otherwise. For
    /// whole numbers that decides what a floor after it gives, so these are multiplied here too.
    /// </summary>
    private static void Divide(OperatorContext op)
    {
        if (op.OutputType() == DType.Float32 && op.Input(1).Constant is { Length: 1 } divisor && IsWritten(op.Node.Inputs[1])
            && op.Node.Inputs[0].Producer is { Op: "Cast" } cast && cast.Inputs[0].DType.IsInteger())
        {
            var reciprocal = TensorValue.From([1 / divisor.AsSpan<float>()[0]], divisor.Dimensions);
            op.Output(op.Emit("Mul", [op.Input(0), op.Builder.Constant(reciprocal)]));
            return;
        }

        op.Output(op.Emit("Div", [op.Input(0), op.Input(1)]));
    }

    /// <summary>Whether a value stands in the graph, rather than in the checkpoint.</summary>
    private static bool IsWritten(Flow.FlowValue value) =>
        value.Producer is not { } producer ? value.Constant is not null : producer.Op == "Cast" && IsWritten(producer.Inputs[0]);

    private static void Unary(OperatorRegistry registry, string onnx, params ReadOnlySpan<string> ops) =>
        registry.Add(op => op.Output(op.Emit(onnx, [op.Input(0)])), ops);

    /// <summary>Cast: as C converts. A cast to half precision rounds, then is carried by float32 again.</summary>
    private static void Cast(OperatorContext op)
    {
        var x = op.Input(0);
        var target = op.OutputType();
        if (target is DType.Float16 or DType.BFloat16 && op.InputType(0) != target)
        {
            x = op.Builder.Cast(op.Builder.Cast(x, target), DType.Float32);
        }

        op.Output(op.Builder.Cast(x, OnnxTypes.Carrier(target)));
    }
}
