namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>ImageProjectiveTransform: each output pixel read at ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k), k = c0 x + c1 y + 1.</summary>
internal sealed class ProjectionKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry) => registry.Add(Transform, "ImageProjectiveTransformV2", "ImageProjectiveTransformV3");

    private static void Transform(HostCall call)
    {
        var d = call.Tensor(0).Dimensions.ToArray();
        var values = call.Doubles(0);
        var transforms = Array.ConvertAll(call.Doubles(1), static v => (float)v);
        var size = call.Ints(2);
        var fill = call.InputCount > 3 ? call.Doubles(3)[0] : 0;
        var isNearest = call.Attributes.Text("interpolation") == "NEAREST";
        var mode = call.Attributes.Text("fill_mode", "CONSTANT");
        var result = new double[d[0] * size[0] * size[1] * d[3]];
        var to = 0L;
        for (var b = 0L; b < d[0]; b++)
        {
            var t = transforms.AsMemory(transforms.Length == 8 ? 0 : (int)(8 * b), 8);
            for (var y = 0L; y < size[0]; y++)
            {
                for (var x = 0L; x < size[1]; x++, to += d[3])
                {
                    Pixel(t.Span, x, y, result.AsSpan((int)to, (int)d[3]), b);
                }
            }
        }

        call.Output(0, result, d[0], size[0], size[1], d[3]);

        void Pixel(ReadOnlySpan<float> t, long x, long y, Span<double> target, long b)
        {
            var k = (t[6] * x) + (t[7] * y) + 1;
            if (k == 0)
            {
                target.Fill(fill);
                return;
            }

            var atX = Map(((t[0] * x) + (t[1] * y) + t[2]) / k, d[2], mode);
            var atY = Map(((t[3] * x) + (t[4] * y) + t[5]) / k, d[1], mode);
            for (var c = 0; c < target.Length; c++)
            {
                double Read(double row, double column) => row >= 0 && row < d[1] && column >= 0 && column < d[2]
                    ? values[((((b * d[1]) + (long)row) * d[2]) + (long)column) * d[3] + c]
                    : fill;
                if (isNearest)
                {
                    target[c] = Read(Math.Round(atY, MidpointRounding.AwayFromZero), Math.Round(atX, MidpointRounding.AwayFromZero));
                    continue;
                }

                var (top, left) = (Math.Floor(atY), Math.Floor(atX));
                var upper = ((left + 1 - atX) * Read(top, left)) + ((atX - left) * Read(top, left + 1));
                var lower = ((left + 1 - atX) * Read(top + 1, left)) + ((atX - left) * Read(top + 1, left + 1));
                target[c] = ((top + 1 - atY) * upper) + ((atY - top) * lower);
            }
        }
    }

    /// <summary>A coordinate brought inside: REFLECT repeats the border and mirrors, WRAP goes on at the other side, NEAREST stops at the border.</summary>
    private static float Map(float at, long size, string mode)
    {
        switch (mode)
        {
            case "REFLECT" when at < 0 || at > size - 1:
                if (size <= 1)
                {
                    return 0;
                }

                var twice = 2f * size;
                if (at < 0)
                {
                    at = at < twice ? (twice * MathF.Truncate(-at / twice)) + at : at;
                    at = at < -size ? at + twice : -at - 1;
                }
                else
                {
                    at -= twice * MathF.Truncate(at / twice);
                    at = at >= size ? twice - at - 1 : at;
                }

                return Math.Clamp(at, 0, size - 1);
            case "WRAP" when at < 0 || at > size - 1:
                if (size <= 1)
                {
                    return 0;
                }

                at = at < 0 ? at + (size * (MathF.Truncate(-at / (size - 1)) + 1)) : at - (size * MathF.Truncate(at / (size - 1)));
                return Math.Clamp(at, 0, size - 1);
            case "NEAREST":
                return Math.Clamp(at, 0, size - 1);
            default:
                return at;
        }
    }
}
