using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Makes LayerNormalization-17 of the way Keras writes it, which ONNX Runtime's optimiser does not know: x s + (beta - m s)
/// with s = gamma / sqrt(v + epsilon), where m and v are mean and variance over the last axes.
/// </summary>
internal static class LayerNormalizationFusion
{
    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var before = builder.Graph.Nodes;
        if (!before.Exists(static n => n.Op == "ReduceMean"))
        {
            return;
        }

        builder.Graph.Nodes = [];
        foreach (var node in before)
        {
            builder.Scope = node.Name;
            if (!TryReplace(builder, node))
            {
                builder.Graph.Nodes.Add(node);
            }
        }

        builder.Graph.Prune();
    }

    private static bool TryReplace(OnnxBuilder builder, OnnxNode node)
    {
        if (node.Op != "Add" || node.Output.DType != DType.Float32)
        {
            return false;
        }

        foreach (var (scaled, shift) in OnnxMatch.Pairs(node.Output, "Add"))
        {
            foreach (var (x, scale) in OnnxMatch.Pairs(scaled, "Mul"))
            {
                if (Scale(scale) is var (gamma, variance, epsilon) && Variance(variance, x) is var (mean, axis) && Shift(shift, mean, scale) is var (isShift, beta) && isShift
                    && Vector(builder, gamma, x, axis, 1) is { } weights && Vector(builder, beta, x, axis, 0) is { } bias)
                {
                    builder.EmitInPlaceOf(node, "LayerNormalization", [x, weights, bias], ("axis", axis - x.Rank!.Value), ("epsilon", epsilon));
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>gamma / sqrt(variance + epsilon); gamma is null where there is none.</summary>
    private static (OnnxValue? Gamma, OnnxValue Variance, double Epsilon)? Scale(OnnxValue value)
    {
        if (Root(value) is var (own, number))
        {
            return (null, own, number);
        }

        foreach (var (gamma, root) in OnnxMatch.Pairs(value, "Mul"))
        {
            if (gamma.IsConstant && Root(root) is var (variance, epsilon))
            {
                return (gamma, variance, epsilon);
            }
        }

        return null;
    }

    private static (OnnxValue Variance, double Epsilon)? Root(OnnxValue value)
    {
        var root = OnnxMatch.Node(value, "Reciprocal") is { } reciprocal ? OnnxMatch.Node(reciprocal.Inputs[0], "Sqrt")
            : OnnxMatch.Node(value, "Div") is { } quotient && OnnxMatch.IsNumber(quotient.Inputs[0], 1) ? OnnxMatch.Node(quotient.Inputs[1], "Sqrt")
            : null;
        foreach (var (variance, epsilon) in OnnxMatch.Pairs(root?.Inputs[0], "Add"))
        {
            if (OnnxMatch.Number(epsilon) is { } number)
            {
                return (variance, number);
            }
        }

        return null;
    }

    /// <summary>The mean, and the first of the last axes, where a value is x's variance over them.</summary>
    private static (OnnxValue Mean, int Axis)? Variance(OnnxValue value, OnnxValue x)
    {
        if (OnnxMatch.Node(value, "ReduceMean") is not { } average || Axis(average, x) is not { } axis || OnnxMatch.Node(average.Inputs[0], "Mul") is not { } square
            || square.Inputs[0] != square.Inputs[1] || OnnxMatch.Node(square.Inputs[0], "Sub") is not { } difference || difference.Inputs[0] != x
            || OnnxMatch.Node(difference.Inputs[1], "ReduceMean") is not { } mean || mean.Inputs[0] != x || Axis(mean, x) != axis)
        {
            return null;
        }

        return (mean.Output, axis);
    }

    /// <summary>The first axis of a mean over the last axes that keeps them; null for other means.</summary>
    private static int? Axis(OnnxNode average, OnnxValue x)
    {
        if (x.Rank is not { } rank || average.Int("keepdims", 1) == 0 || average.Inputs.Count < 2 || OnnxMatch.Axes(average.Inputs[1], rank) is not { } axes)
        {
            return null;
        }

        return axes.Length > 0 && axes.SequenceEqual(Enumerable.Range(rank - axes.Length, axes.Length).Select(static a => (long)a)) ? rank - axes.Length : null;
    }

    /// <summary>beta - mean * scale in any spelling; beta is null where there is none.</summary>
    private static (bool IsShift, OnnxValue? Beta) Shift(OnnxValue value, OnnxValue mean, OnnxValue scale)
    {
        if (IsProduct(value, scale, m => OnnxMatch.Node(m, "Neg")?.Inputs[0] == mean))
        {
            return (true, null);
        }

        foreach (var (beta, rest) in OnnxMatch.Pairs(value, "Add"))
        {
            if (beta.IsConstant && IsProduct(rest, scale, m => OnnxMatch.Node(m, "Neg")?.Inputs[0] == mean))
            {
                return (true, beta);
            }
        }

        return OnnxMatch.Node(value, "Sub") is { } difference && difference.Inputs[0] is { IsConstant: true } minuend && IsProduct(difference.Inputs[1]!, scale, m => m == mean)
            ? (true, minuend)
            : (false, null);
    }

    private static bool IsProduct(OnnxValue value, OnnxValue scale, Func<OnnxValue, bool> isOther) =>
        OnnxMatch.Pairs(value, "Mul").Any(p => p.A == scale && isOther(p.B));

    /// <summary>A factor or summand of the normalised axes' own shape; null where it changes along others or a size is unknown.</summary>
    private static OnnxValue? Vector(OnnxBuilder builder, OnnxValue? given, OnnxValue x, int axis, float otherwise)
    {
        var own = x.Shape!.Dims.Skip(axis).ToList();
        if (!own.TrueForAll(static d => d.IsConstant))
        {
            return null;
        }

        var dims = own.ConvertAll(static d => d.Value).ToArray();
        if (given is null)
        {
            var values = new float[Strides.Count(dims)];
            Array.Fill(values, otherwise);
            return builder.Constant(TensorValue.From(values, dims));
        }

        var shape = given.Constant!.Dimensions;
        if (given.Constant.DType != DType.Float32 || shape.Length > x.Rank || given.Constant.Length != Strides.Count(dims) || shape.Length < dims.Length
            || !shape[^dims.Length..].SequenceEqual(dims))
        {
            return null;
        }

        return shape.Length == dims.Length ? given : builder.Reshape(given, dims);
    }
}
