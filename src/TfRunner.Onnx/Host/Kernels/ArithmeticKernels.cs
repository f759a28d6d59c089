using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Elementwise arithmetic, comparisons and casts.</summary>
internal sealed class ArithmeticKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        Binary(registry, "Add", "Add", "AddV2");
        Binary(registry, "Sub", "Sub");
        Binary(registry, "Mul", "Mul");
        Binary(registry, "Div", "RealDiv", "Div");
        Binary(registry, "FloorDiv", "FloorDiv");
        Binary(registry, "FloorMod", "FloorMod");
        Binary(registry, "Max", "Maximum");
        Binary(registry, "Min", "Minimum");
        Binary(registry, "Pow", "Pow");
        Binary(registry, "SquaredDifference", "SquaredDifference");
        Binary(registry, "Equal", "Equal");
        Binary(registry, "NotEqual", "NotEqual");
        Binary(registry, "Less", "Less");
        Binary(registry, "LessOrEqual", "LessEqual");
        Binary(registry, "Greater", "Greater");
        Binary(registry, "GreaterOrEqual", "GreaterEqual");
        Binary(registry, "And", "LogicalAnd");
        Binary(registry, "Or", "LogicalOr");
        Unary(registry, "Not", "LogicalNot");
        Unary(registry, "Neg", "Neg");
        Unary(registry, "Abs", "Abs");
        Unary(registry, "Sqrt", "Sqrt");
        Unary(registry, "Rsqrt", "Rsqrt");
        Unary(registry, "Square", "Square");
        Unary(registry, "Exp", "Exp");
        Unary(registry, "Log", "Log");
        Unary(registry, "Floor", "Floor");
        Unary(registry, "Ceil", "Ceil");
        Unary(registry, "Reciprocal", "Reciprocal");
        Unary(registry, "IsNaN", "IsNan");
        registry.Add(static call => call.Output(ArrayCast.Cast(call.Tensor(0), call.OutputType())), "Cast");
    }

    private static void Binary(HostRegistry registry, string function, params ReadOnlySpan<string> ops) =>
        registry.Add(
            call => call.Output(ArrayMath.Binary(function, call.Tensor(0), call.Tensor(1))
                ?? throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for {call.Tensor(0).DType.Name()}")),
            ops);

    private static void Unary(HostRegistry registry, string function, params ReadOnlySpan<string> ops) =>
        registry.Add(
            call => call.Output(ArrayMath.Unary(function, call.Tensor(0))
                ?? throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for {call.Tensor(0).DType.Name()}")),
            ops);
}
