using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Elementary functions, divisions with remainders, bits, and functions that fix the value where others give NaN.</summary>
internal sealed class MathOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Same function, same name. ONNX: Sin-7 to Atanh-9, Sign-13, Round-11 (halves to even, as TensorFlow's Round and Rint).
        foreach (var name in (string[])["Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Acosh", "Atanh"])
        {
            registry.Add(static op => op.Output(op.Emit(op.Op, [op.Input(0)])), name);
        }

        registry.Add(Sign, "Sign");

        // TensorFlow's own kernel makes every whole number 0 (seen in 2.21); tf.round never calls it with one.
        registry.Add(
            static op => op.Output(IsInteger(op.Input(0).DType)
                ? op.Emit("Expand", [op.Builder.Scalar(op.OutputCarrier(), 0), op.Builder.ShapeOf(op.Input(0))])
                : op.Emit("Round", [op.Input(0)])),
            "Round",
            "Rint");
        registry.Add(static op => op.Output(op.Emit("IsInf", [op.Input(0)])), "IsInf");
        registry.Add(
            static op => op.Output(op.Emit("Not", [op.Emit("Or", [op.Emit("IsInf", [op.Input(0)]), op.Emit("IsNaN", [op.Input(0)])])])), "IsFinite");
        registry.Add(Log1p, "Log1p");
        registry.Add(Expm1, "Expm1");
        registry.Add(FloorDiv, "FloorDiv");
        registry.Add(FloorMod, "FloorMod", "Mod");
        registry.Add(TruncateMod, "TruncateMod");
        registry.Add(static op => op.Output(op.Emit("Div", [op.Input(0), Divisor(op)])), "TruncateDiv", "Div");

        // DivNoNan, MulNoNan, Xlogy, Xdivy, Xlog1py: 0 where the deciding operand is 0, whatever the other one is.
        registry.Add(static op => ZeroWhere(op, 1, op.Emit("Div", [op.Input(0), op.Input(1)])), "DivNoNan");
        registry.Add(static op => ZeroWhere(op, 1, op.Emit("Mul", [op.Input(0), op.Input(1)])), "MulNoNan");
        registry.Add(static op => ZeroWhere(op, 0, op.Emit("Div", [op.Input(0), op.Input(1)])), "Xdivy");
        registry.Add(static op => ZeroWhere(op, 0, op.Emit("Mul", [op.Input(0), op.Emit("Log", [op.Input(1)])])), "Xlogy");

        registry.Add(
            static op => op.Output(op.Emit("Min", [op.Emit("Max", [op.Input(0), op.Input(1)]), op.Input(2)])), "ClipByValue");
        registry.Add(static op => op.Output(op.Emit("BitwiseAnd", [op.Input(0), op.Input(1)])), "BitwiseAnd");
        registry.Add(static op => op.Output(op.Emit("BitwiseOr", [op.Input(0), op.Input(1)])), "BitwiseOr");
        registry.Add(static op => op.Output(op.Emit("BitwiseXor", [op.Input(0), op.Input(1)])), "BitwiseXor");
        registry.Add(static op => op.Output(op.Emit("BitwiseNot", [op.Input(0)])), "Invert");
        registry.Add(static op => op.Output(op.Inputs().Aggregate((a, b) => op.Emit("Add", [a, b]))), "AccumulateNV2");

        // ReluGrad, SigmoidGrad, TanhGrad appear in exported gradients and saliency maps.
        registry.Add(
            static op => op.Output(op.Emit("Where", [op.Emit("Greater", [op.Input(1), op.Builder.Scalar(op.Input(1).DType, 0)]), op.Input(0), op.Builder.Scalar(op.Input(0).DType, 0)])),
            "ReluGrad");
        registry.Add(
            static op => op.Output(op.Emit("Mul", [op.Input(1), op.Emit("Mul", [op.Input(0), op.Emit("Sub", [op.Builder.Scalar(op.Input(0).DType, 1), op.Input(0)])])])),
            "SigmoidGrad");
        registry.Add(
            static op => op.Output(op.Emit("Mul", [op.Input(1), op.Emit("Sub", [op.Builder.Scalar(op.Input(0).DType, 1), op.Emit("Mul", [op.Input(0), op.Input(0)])])])),
            "TanhGrad");
    }

    private static bool IsInteger(DType dtype) => dtype.IsInteger();

    /// <summary>Sign: NaN stays NaN, which ONNX Runtime's Sign makes 0.</summary>
    private static void Sign(OperatorContext op)
    {
        var x = op.Input(0);
        var sign = op.Emit("Sign", [x]);
        op.Output(IsInteger(x.DType) ? sign : op.Emit("Where", [op.Emit("IsNaN", [x]), x, sign]));
    }

    /// <summary>Log1p: log(1 + x) without losing small x: x * log(u) / (u - 1) for u = 1 + x (Kahan); x where u is 1.</summary>
    private static void Log1p(OperatorContext op)
    {
        var x = op.Input(0);
        var one = op.Builder.Scalar(x.DType, 1);
        var u = op.Emit("Add", [one, x]);
        var log = op.Emit("Log", [u]);
        var scaled = op.Emit("Div", [op.Emit("Mul", [x, log]), op.Emit("Sub", [u, one])]);
        var isSmall = op.Emit("Equal", [u, one]);
        var isLarge = op.Emit("Or", [op.Emit("IsInf", [u]), op.Emit("Equal", [x, op.Builder.Scalar(x.DType, -1)])]);
        op.Output(op.Emit("Where", [isSmall, x, op.Emit("Where", [isLarge, log, scaled])]));
    }

    /// <summary>Expm1: exp(x) - 1 without losing small x: tanh(x / 2) * (exp(x) + 1).</summary>
    private static void Expm1(OperatorContext op)
    {
        var x = op.Input(0);
        var tanh = op.Emit("Tanh", [op.Emit("Mul", [x, op.Builder.Scalar(x.DType, 0.5)])]);
        op.Output(op.Emit("Mul", [tanh, op.Emit("Add", [op.Emit("Exp", [x]), op.Builder.Scalar(x.DType, 1)])]));
    }

    /// <summary>
    /// A divisor that cannot end the process: ONNX Runtime divides integers as the processor does, which traps on zero, where
    /// TensorFlow reports an error. Divisors that are computed go to the host.
    /// </summary>
    private static OnnxValue Divisor(OperatorContext op)
    {
        var y = op.Input(1);
        return !IsInteger(y.DType) || (op.TryConstantInts(1) is { } known && !known.Contains(0) && !known.Contains(-1))
            ? y
            : throw new UnsupportedException("its divisor is not a known number");
    }

    /// <summary>FloorDiv: rounds down. ONNX's Div rounds integers towards zero.</summary>
    private static void FloorDiv(OperatorContext op)
    {
        var (x, y) = (op.Input(0), Divisor(op));
        var quotient = op.Emit("Div", [x, y]);
        if (!IsInteger(x.DType))
        {
            op.Output(op.Emit("Floor", [quotient]));
            return;
        }

        if (quotient.Contents is not null || x.DType is DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64)
        {
            op.Output(quotient); // Of dimensions, which are not negative.
            return;
        }

        var rest = op.Emit("Sub", [x, op.Emit("Mul", [quotient, y])]);
        var zero = op.Builder.Scalar(x.DType, 0);
        var differs = op.Emit("Less", [op.Emit("Mul", [op.Emit("Sign", [rest]), op.Emit("Sign", [y])]), zero]);
        op.Output(op.Emit("Sub", [quotient, op.Builder.Cast(differs, x.DType)]));
    }

    /// <summary>FloorMod: has the divisor's sign. ONNX: Mod-13, which for integers does the same.</summary>
    private static void FloorMod(OperatorContext op)
    {
        var (x, y) = (op.Input(0), Divisor(op));
        if (op.Op == "Mod")
        {
            TruncateMod(op);
            return;
        }

        if (IsInteger(x.DType))
        {
            op.Output(op.Emit("Mod", [x, y]));
            return;
        }

        var rest = op.Emit("Mod", [x, y], ("fmod", 1L));
        var zero = op.Builder.Scalar(x.DType, 0);
        var differs = op.Emit("Less", [op.Emit("Mul", [rest, y]), zero]);
        op.Output(op.Emit("Where", [differs, op.Emit("Add", [rest, y]), rest]));
    }

    /// <summary>TruncateMod: has the dividend's sign. ONNX: Mod-13 with fmod.</summary>
    private static void TruncateMod(OperatorContext op) =>
        op.Output(op.Emit("Mod", [op.Input(0), Divisor(op)], ("fmod", 1L)));

    private static void ZeroWhere(OperatorContext op, int decider, OnnxValue otherwise)
    {
        var zero = op.Builder.Scalar(op.Input(decider).DType, 0);
        op.Output(op.Emit("Where", [op.Emit("Equal", [op.Input(decider), zero]), zero, otherwise]));
    }
}
