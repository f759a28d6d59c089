using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>An activation of a recurrent cell.</summary>
/// <param name="Name">ONNX's name in recurrent operators.</param>
/// <param name="Alpha">Its first number; null for activations without.</param>
/// <param name="Beta">Its second number; null for activations without.</param>
internal sealed record CellActivation(string Name, float? Alpha = null, float? Beta = null)
{
    private const double Precision = 1e-6;

    /// <summary>The activation that a value is the result of.</summary>
    /// <param name="value">The value.</param>
    /// <param name="operand">What it is applied to; the value itself where there is none.</param>
    /// <returns>The activation; null when it is none that ONNX's recurrent operators have.</returns>
    public static CellActivation? Of(FlowValue value, out FlowValue operand)
    {
        operand = value;
        var found = value.IsKnown ? null : value.Producer?.Op switch
        {
            "Sigmoid" or "Tanh" or "Relu" or "Softsign" or "Softplus" => new CellActivation(value.Producer.Op),
            "Elu" => new("Elu", 1),
            "LeakyRelu" => new("LeakyRelu", value.Producer.Attributes.Float("alpha", 0.2f)),
            _ => null,
        };
        if (found is null)
        {
            return HardSigmoid(value, ref operand);
        }

        operand = FlowMatch.In(value, 0);
        return found;
    }

    /// <summary>
    /// A line that is clamped to 0 and 1, in any of its spellings: Keras 2 clips 0.2 x + 0.5, Keras 3 divides relu6(x + 3) by 6.
    /// </summary>
    private static CellActivation? HardSigmoid(FlowValue value, ref FlowValue operand)
    {
        var (clamp, outer, outerShift) = Line(value);
        if (Clamp(clamp) is not var (clamped, low, high))
        {
            return null;
        }

        var (x, slope, shift) = Line(clamped);
        if (outer <= 0 || slope == 0 || Math.Abs((low * outer) + outerShift) > Precision || Math.Abs((high * outer) + outerShift - 1) > Precision)
        {
            return null;
        }

        operand = x;
        return new("HardSigmoid", (float)(slope * outer), (float)((shift * outer) + outerShift));
    }

    /// <summary>What a value is clamped from, and the bounds.</summary>
    private static (FlowValue Operand, double Low, double High)? Clamp(FlowValue value)
    {
        if (FlowMatch.IsOp(value, "Relu6"))
        {
            return (FlowMatch.In(value, 0), 0, 6);
        }

        if (FlowMatch.IsOp(value, "ClipByValue") && Number(FlowMatch.In(value, 1)) is { } least && Number(FlowMatch.In(value, 2)) is { } most)
        {
            return (FlowMatch.In(value, 0), least, most);
        }

        var (low, high) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var bounds = 0; bounds < 2; bounds++)
        {
            if (FlowMatch.IsOp(value, "Relu"))
            {
                (value, low) = (FlowMatch.In(value, 0), 0);
                continue;
            }

            if (!(FlowMatch.IsOp(value, "Minimum") || FlowMatch.IsOp(value, "Maximum")) || Number(FlowMatch.In(value, 1)) is not { } bound)
            {
                return null;
            }

            (low, high) = FlowMatch.IsOp(value, "Maximum") ? (bound, high) : (low, bound);
            value = FlowMatch.In(value, 0);
        }

        return (value, low, high);
    }

    /// <summary>Reads sums and products with numbers as one line over what is left.</summary>
    private static (FlowValue Operand, double Slope, double Shift) Line(FlowValue value)
    {
        var (slope, shift) = (1.0, 0.0);
        while (!value.IsKnown && value.Producer is { Inputs.Count: 2, Op: "AddV2" or "Add" or "Sub" or "Mul" or "RealDiv" or "Div" } node)
        {
            var isFirst = Number(node.Inputs[0]) is not null;
            if (Number(node.Inputs[isFirst ? 0 : 1]) is not { } number || (isFirst && node.Op is "Sub" or "RealDiv" or "Div"))
            {
                break;
            }

            switch (node.Op)
            {
                case "Mul":
                    slope *= number;
                    break;
                case "RealDiv" or "Div":
                    slope /= number;
                    break;
                default:
                    shift += slope * (node.Op == "Sub" ? -number : number);
                    break;
            }

            value = node.Inputs[isFirst ? 1 : 0];
        }

        return (value, slope, shift);
    }

    private static double? Number(FlowValue value) =>
        value.Constant is { DType: DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16, Length: 1 } tensor ? ArrayCast.ToDoubles(tensor)[0] : null;
}
