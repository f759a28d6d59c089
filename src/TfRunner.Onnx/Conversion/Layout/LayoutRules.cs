namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>Which operators do not mind the order of axes.</summary>
internal static class LayoutRules
{
    private static readonly Dictionary<string, LayoutKind> Kinds = Build(
        (LayoutKind.Elementwise, "Relu Clip Sigmoid Tanh LeakyRelu Elu Selu Softplus Softsign HardSigmoid HardSwish Gelu Mish Erf Abs Neg Sqrt Exp Log "
            + "Reciprocal Floor Ceil Round Sign Sin Cos Not IsNaN IsInf Cast Add Sub Mul Div Max Min Pow PRelu Where Equal Less LessOrEqual Greater "
            + "GreaterOrEqual And Or Xor"),
        (LayoutKind.Axis, "Concat Split Softmax LogSoftmax ArgMax ArgMin"),
        (LayoutKind.Axes, "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 Squeeze Slice"),
        (LayoutKind.Pad, "Pad"),
        (LayoutKind.Resize, "Resize"),
        (LayoutKind.Reshape, "Reshape"));

    /// <summary>How an operator takes a transposed operand.</summary>
    /// <param name="op">The operator.</param>
    /// <returns>The kind; <see cref="LayoutKind.Fixed"/> for all that are not known.</returns>
    public static LayoutKind KindOf(string op) => Kinds.GetValueOrDefault(op);

    private static Dictionary<string, LayoutKind> Build(params (LayoutKind Kind, string Ops)[] rows) =>
        rows.SelectMany(static r => r.Ops.Split(' ').Select(op => (op, r.Kind))).ToDictionary(static p => p.op, static p => p.Kind, StringComparer.Ordinal);
}
