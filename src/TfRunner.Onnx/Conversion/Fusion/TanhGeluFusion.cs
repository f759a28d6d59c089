using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Makes Gelu-20 of GELU by the hyperbolic tangent, 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))), which ONNX Runtime's
/// optimiser does not know with a power of 3 as TensorFlow writes it. Source: D. Hendrycks and K. Gimpel, Gaussian Error Linear Units, 2016.
/// </summary>
internal static class TanhGeluFusion
{
    /// <summary>The first operator set that has Gelu.</summary>
    private const int FirstOpset = 20;

    private const double Cubic = 0.044715;

    private static readonly double Scale = Math.Sqrt(2 / Math.PI);

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        if (builder.Opset < FirstOpset || !before.Exists(static n => n.Op == "Tanh"))
        {
            return;
        }

        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            if (Operand(node) is { } x)
            {
                builder.EmitInPlaceOf(node, "Gelu", [x], ("approximate", "tanh"));
            }
            else
            {
                builder.Graph.Nodes.Add(node);
            }
        }

        builder.Graph.Prune();
    }

    /// <summary>What GELU is applied to where a product is one; else null.</summary>
    private static OnnxValue? Operand(OnnxNode node)
    {
        if (node.Op != "Mul" || node.Output.DType != DType.Float32)
        {
            return null;
        }

        // The product of 0.5, x and the rest, in any order.
        foreach (var (pair, third) in OnnxMatch.Pairs(node.Output, "Mul"))
        {
            foreach (var (first, second) in OnnxMatch.Pairs(pair, "Mul"))
            {
                if (OnnxMatch.IsNumber(first, 0.5))
                {
                    if (IsRest(third, second))
                    {
                        return second;
                    }

                    if (IsRest(second, third))
                    {
                        return third;
                    }
                }
                else if (OnnxMatch.IsNumber(third, 0.5) && IsRest(second, first))
                {
                    return first;
                }
            }
        }

        return null;
    }

    /// <summary>Whether a value is 1 + tanh(...) of x.</summary>
    private static bool IsRest(OnnxValue value, OnnxValue x) =>
        OnnxMatch.Pairs(value, "Add").Any(sum => OnnxMatch.IsNumber(sum.A, 1) && OnnxMatch.Node(sum.B, "Tanh") is { } tanh
            && OnnxMatch.Pairs(tanh.Inputs[0], "Mul").Any(scaled => OnnxMatch.IsNumber(scaled.A, Scale)
                && OnnxMatch.Pairs(scaled.B, "Add").Any(inner => inner.A == x
                    && OnnxMatch.Pairs(inner.B, "Mul").Any(cubic => OnnxMatch.IsNumber(cubic.A, Cubic) && IsCube(cubic.B, x)))));

    private static bool IsCube(OnnxValue value, OnnxValue x) =>
        (OnnxMatch.Node(value, "Pow") is { } power && power.Inputs[0] == x && OnnxMatch.IsNumber(power.Inputs[1], 3))
        || OnnxMatch.Pairs(value, "Mul").Any(p => p.A == x && OnnxMatch.Node(p.B, "Mul") is { } square && square.Inputs[0] == x && square.Inputs[1] == x);
}
