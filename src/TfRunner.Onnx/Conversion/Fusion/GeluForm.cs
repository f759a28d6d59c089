using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Writes GELU by the complementary error function, as Keras exports it (0.5 x erfc(-x / sqrt 2)), in the form that ONNX
/// Runtime's optimiser makes one operator of: 0.5 x (1 + erf(x / sqrt 2)). The factor comes first, where no following product takes it.
/// </summary>
internal static class GeluForm
{
    private static readonly double Sqrt2 = Math.Sqrt(2);

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "Erf"))
        {
            return;
        }

        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            if (Operand(node) is { } x)
            {
                builder.Scope = node.Name;
                var sum = builder.Emit("Add", [builder.Emit("Erf", [builder.Emit("Div", [x, builder.Scalar(DType.Float32, Sqrt2)])]), builder.Scalar(DType.Float32, 1)]);
                node.Inputs[0] = builder.Emit("Mul", [x, builder.Scalar(DType.Float32, 0.5)]);
                node.Inputs[1] = sum;
            }

            builder.Graph.Nodes.Add(node);
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

        foreach (var (half, rest) in OnnxMatch.Pairs(node.Output, "Mul"))
        {
            foreach (var (number, x) in OnnxMatch.Pairs(half, "Mul"))
            {
                if (OnnxMatch.IsNumber(number, 0.5) && OnnxMatch.Node(rest, "Sub") is { } difference && OnnxMatch.IsNumber(difference.Inputs[0], 1)
                    && OnnxMatch.Node(difference.Inputs[1], "Erf") is { } erf && IsScaled(erf.Inputs[0]!, x))
                {
                    return x;
                }
            }
        }

        return null;
    }

    /// <summary>Whether a value is -x / sqrt 2.</summary>
    private static bool IsScaled(OnnxValue value, OnnxValue x)
    {
        foreach (var (a, b) in OnnxMatch.Pairs(value, "Mul"))
        {
            if ((OnnxMatch.Node(a, "Neg")?.Inputs[0] == x && OnnxMatch.IsNumber(b, 1 / Sqrt2)) || (a == x && OnnxMatch.IsNumber(b, -1 / Sqrt2)))
            {
                return true;
            }
        }

        return OnnxMatch.Node(value, "Div") is { } quotient
            && ((OnnxMatch.Node(quotient.Inputs[0], "Neg")?.Inputs[0] == x && OnnxMatch.IsNumber(quotient.Inputs[1], Sqrt2))
                || (quotient.Inputs[0] == x && OnnxMatch.IsNumber(quotient.Inputs[1], -Sqrt2)));
    }
}
