namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>Colours of pictures whose last axis is red, green and blue from 0 to 1.</summary>
internal sealed class ColourKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Each(call, ToHsv), "RGBToHSV");
        registry.Add(static call => Each(call, FromHsv), "HSVToRGB");
        registry.Add(Contrast, "AdjustContrastv2");
        registry.Add(
            static call =>
            {
                var delta = call.Doubles(1)[0];
                Each(call, p => ToHsv(p) is var (h, s, v) ? FromHsv(((h + delta) % 1 + 1) % 1, s, v) : default);
            },
            "AdjustHue");
        registry.Add(
            static call =>
            {
                var scale = call.Doubles(1)[0];
                Each(call, p => ToHsv(p) is var (h, s, v) ? FromHsv(h, Math.Clamp(s * scale, 0, 1), v) : default);
            },
            "AdjustSaturation");
    }

    private static void Each(HostCall call, Func<(double, double, double), (double, double, double)> function)
    {
        var values = call.Doubles(0);
        for (var i = 0; i + 2 < values.Length; i += 3)
        {
            (values[i], values[i + 1], values[i + 2]) = function((values[i], values[i + 1], values[i + 2]));
        }

        call.Output(0, values, call.Tensor(0).Dimensions);
    }

    /// <summary>Hue, saturation and value, each from 0 to 1; grey has hue 0.</summary>
    private static (double H, double S, double V) ToHsv((double R, double G, double B) p)
    {
        var (r, g, b) = p;
        var v = Math.Max(r, Math.Max(g, b));
        var range = v - Math.Min(r, Math.Min(g, b));
        var s = v > 0 ? range / v : 0;
        if (range <= 0)
        {
            return (0, s, v);
        }

        var h = r == v ? (g - b) / range / 6 : g == v ? ((b - r) / range / 6) + (2.0 / 6) : ((r - g) / range / 6) + (4.0 / 6);
        return (h < 0 ? h + 1 : h, s, v);
    }

    private static (double R, double G, double B) FromHsv((double H, double S, double V) p) => FromHsv(p.H, p.S, p.V);

    private static (double R, double G, double B) FromHsv(double h, double s, double v)
    {
        double Part(double shift) => Math.Clamp(Math.Abs((((h * 6) + shift) % 6) - 3) - 1, 0, 1);

        var (r, g, b) = (Math.Clamp(Math.Abs((h * 6) - 3) - 1, 0, 1), Part(4), Part(2));
        return ((((r - 1) * s) + 1) * v, (((g - 1) * s) + 1) * v, (((b - 1) * s) + 1) * v);
    }

    /// <summary>AdjustContrastv2: the distance from each picture's and channel's mean, scaled.</summary>
    private static void Contrast(HostCall call)
    {
        var values = call.Doubles(0);
        var factor = call.Doubles(1)[0];
        var dims = call.Tensor(0).Dimensions;
        var channels = (int)dims[^1];
        var pixels = (int)(dims[^2] * dims[^3]);
        for (var start = 0; start < values.Length; start += pixels * channels)
        {
            for (var c = 0; c < channels; c++)
            {
                var mean = 0.0;
                for (var i = 0; i < pixels; i++)
                {
                    mean += values[start + (i * channels) + c] / pixels;
                }

                for (var i = 0; i < pixels; i++)
                {
                    ref var v = ref values[start + (i * channels) + c];
                    v = ((v - mean) * factor) + mean;
                }
            }
        }

        call.Output(0, values, dims);
    }
}
