namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Activations: elementwise functions of one operand, and softmax over the last axis.</summary>
internal sealed class ActivationOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Relu: max(x, 0), NaN stays NaN. Elu, Selu: TensorFlow's constants are ONNX's defaults (alpha 1; 1.67326, 1.05070).
        // Softplus: log(exp(x) + 1). Softsign: x / (1 + |x|). ONNX: Relu-14, Elu-6, Selu-6, Softplus-1, Softsign-1.
        Unary(registry, "Relu", "Elu", "Selu", "Softplus", "Softsign", "Sigmoid", "Tanh");

        // Relu6: min(max(x, 0), 6). ONNX: Clip-13 with scalar bounds.
        registry.Add(
            static op =>
            {
                var x = op.Input(0);
                op.Output(op.Emit("Clip", [x, op.Builder.Scalar(x.DType, 0), op.Builder.Scalar(x.DType, 6)]));
            },
            "Relu6");

        // LeakyRelu: alpha * x below zero; the attribute's default is 0.2. ONNX: LeakyRelu-16.
        registry.Add(static op => op.Output(op.Emit("LeakyRelu", [op.Input(0)], ("alpha", op.Attributes.Float("alpha", 0.2f)))), "LeakyRelu");

        // Softmax, LogSoftmax: over the last axis. ONNX: Softmax-13, LogSoftmax-13 with axis -1.
        registry.Add(static op => op.Output(op.Emit(op.Op, [op.Input(0)], ("axis", -1L))), "Softmax", "LogSoftmax");
    }

    private static void Unary(OperatorRegistry registry, params ReadOnlySpan<string> ops) =>
        registry.Add(static op => op.Output(op.Emit(op.Op, [op.Input(0)])), ops);
}
