using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Quantisation to integers and back. Computed in float32 as TensorFlow does, so that ties fall the same way.</summary>
internal sealed class QuantizedKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(
            static call => Fake(call, [call.Attributes.Float("min", -6)], [call.Attributes.Float("max", 6)]), "FakeQuantWithMinMaxArgs");
        registry.Add(static call => Fake(call, Floats(call, 1), Floats(call, 2)), "FakeQuantWithMinMaxVars", "FakeQuantWithMinMaxVarsPerChannel");
        registry.Add(RoundTrip, "QuantizeAndDequantizeV2", "QuantizeAndDequantizeV3", "QuantizeAndDequantizeV4");
        registry.Add(Quantize, "QuantizeV2");
        registry.Add(Dequantize, "Dequantize");
    }

    private static float[] Floats(HostCall call, int input) => Array.ConvertAll(call.Doubles(input), static v => (float)v);

    private static void Write(HostCall call, float[] values)
    {
        using var wide = TensorValue.From(values, call.Tensor(0).Dimensions);
        call.Output(0, ArrayCast.Cast(wide, call.OutputType()));
    }

    /// <summary>FakeQuant: min and max nudged so that 0 is a step, then each value to the nearest of 2^num_bits steps; per channel of the last axis where several are given.</summary>
    private static void Fake(HostCall call, float[] least, float[] most)
    {
        var low = call.Attributes.Bool("narrow_range") ? 1 : 0;
        var high = (1 << (int)call.Attributes.Int("num_bits", 8)) - 1;
        var values = Floats(call, 0);
        for (var i = 0; i < values.Length; i++)
        {
            var c = i % least.Length;
            if (least[c] == 0 && most[c] == 0)
            {
                values[i] = 0;
                continue;
            }

            var scale = (most[c] - least[c]) / (high - low);
            var zero = Math.Clamp(MathF.Round(low - (least[c] / scale), MidpointRounding.AwayFromZero), low, high);
            var (start, end) = ((low - zero) * scale, (high - zero) * scale);
            var inverse = 1 / scale;
            var offset = MathF.Floor((-start * inverse) + 0.5f);
            var clamped = MathF.Max(MathF.Min(values[i], end), start);
            values[i] = MathF.Floor(((clamped - start) * inverse) - offset + 0.5f) * scale;
        }

        Write(call, values);
    }

    /// <summary>QuantizeAndDequantize: input, range and (from V3 on) the bits as an input; the range is found in the input unless range_given.</summary>
    private static void RoundTrip(HostCall call)
    {
        var values = Floats(call, 0);
        if (call.Attributes.Int("axis", -1) >= 0)
        {
            throw call.Node.Error(ErrorCode.Unimplemented, "no host kernel per channel");
        }

        var bits = call.Op.EndsWith("V3", StringComparison.Ordinal) ? (int)call.Int(3) : (int)call.Attributes.Int("num_bits", 8);
        var isSigned = call.Attributes.Bool("signed_input", true);
        var isGiven = call.Attributes.Bool("range_given", call.Op.EndsWith("V3", StringComparison.Ordinal));
        var (least, most) = isGiven ? (Floats(call, 1)[0], Floats(call, 2)[0]) : (values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max());
        var low = isSigned ? -(1L << (bits - 1)) + (call.Attributes.Bool("narrow_range") ? 1 : 0) : 0;
        var high = isSigned ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
        var fromLow = low * least > 0 ? low / least : float.MaxValue;
        var fromHigh = high * most > 0 ? high / most : float.MaxValue;
        float scale, inverse;
        if (fromLow < fromHigh)
        {
            (scale, inverse) = (fromLow, least / low);
            most = high * inverse;
        }
        else
        {
            (scale, inverse) = (fromHigh, most / high);
            least = low * inverse;
        }

        var isUp = call.Attributes.Text("round_mode", "HALF_TO_EVEN") == "HALF_UP";
        Write(call, Array.ConvertAll(values, v =>
        {
            var scaled = MathF.Max(MathF.Min(v, most), least) * scale;
            return (isUp ? MathF.Floor(scaled + 0.5f) : MathF.Round(scaled, MidpointRounding.ToEven)) * inverse;
        }));
    }

    /// <summary>QuantizeV2: input, min_range, max_range; modes MIN_COMBINED, MIN_FIRST and SCALED of the op's documentation.</summary>
    private static void Quantize(HostCall call)
    {
        var values = Floats(call, 0);
        var (low, high) = IntegerRange.Of(call.OutputType());
        if (call.Attributes.Int("axis", -1) >= 0 || call.OutputType() == DType.QInt32)
        {
            throw call.Node.Error(ErrorCode.Unimplemented, "no host kernel per channel or to 32 bits");
        }

        var (least, most) = (Math.Min(0, Floats(call, 1)[0]), Floats(call, 2)[0]);
        var spread = MathF.Max(1, MathF.Max(MathF.Abs(Floats(call, 1)[0]), MathF.Abs(most))) * call.Attributes.Float("ensure_minimum_range", 0.01f);
        most = MathF.Max(0, MathF.Max(most, least + spread));
        Func<float, double> quantize;
        switch (call.Attributes.Text("mode", "MIN_COMBINED"))
        {
            case "SCALED":
                low += call.Attributes.Bool("narrow_range") && low < 0 ? 1 : 0;
                var scale = MathF.Min(low * least > 0 ? low / least : float.MaxValue, high * most > 0 ? high / most : float.MaxValue);
                (least, most) = (low / scale, high / scale);
                var toEven = call.Attributes.Text("round_mode", "HALF_AWAY_FROM_ZERO") == "HALF_TO_EVEN";
                quantize = v => MathF.Round(Math.Clamp(v, low / scale, high / scale) * scale, toEven ? MidpointRounding.ToEven : MidpointRounding.AwayFromZero);
                break;
            case "MIN_FIRST":
                var (steps, start) = (high - low + 1.0, (double)least);
                var perUnit = steps / ((most - start) * (steps / (steps - 1)));
                quantize = v => Math.Round(v * perUnit, MidpointRounding.AwayFromZero) - Math.Round(start * perUnit, MidpointRounding.AwayFromZero) + low;
                break;
            default:
                var (from, width) = (least, most - least);
                quantize = v => Math.Round(((Math.Clamp(v, from, from + width) - from) * (high - low) / width) - (low < 0 ? (high - low + 1) / 2.0 : 0), MidpointRounding.AwayFromZero);
                break;
        }

        call.Output(0, Array.ConvertAll(values, v => Math.Clamp(quantize(v), low, high)), call.Tensor(0).Dimensions);
        call.Output(1, [(double)least]);
        call.Output(2, [(double)most]);
    }

    private static void Dequantize(HostCall call)
    {
        var values = call.Doubles(0);
        if (call.Attributes.Int("axis", -1) >= 0)
        {
            throw call.Node.Error(ErrorCode.Unimplemented, "no host kernel per channel");
        }

        var (low, high) = IntegerRange.Of(call.Tensor(0).DType);
        var (least, most) = (call.Doubles(1)[0], call.Doubles(2)[0]);
        Func<double, double> restore;
        switch (call.Attributes.Text("mode", "MIN_COMBINED"))
        {
            case "SCALED":
                var factor = low == 0 ? most / high : Math.Max(least / (low + (call.Attributes.Bool("narrow_range") ? 1 : 0)), most / high);
                restore = v => v * factor;
                break;
            case "MIN_FIRST":
                var steps = high - low + 1.0;
                var unit = (most - least) * (steps / (steps - 1)) / steps;
                var start = Math.Round(least / unit, MidpointRounding.AwayFromZero) * unit;
                restore = v => start + ((v - low) * unit);
                break;
            default:
                restore = v => ((v + (low < 0 ? (high - low + 1) / 2.0 : 0)) * ((most - least) / (high - low))) + least;
                break;
        }

        call.Output(0, Array.ConvertAll(values, v => restore(v)), call.Tensor(0).Dimensions);
    }
}
