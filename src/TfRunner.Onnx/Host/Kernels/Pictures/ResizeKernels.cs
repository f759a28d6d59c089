using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>
/// Pictures [batch, height, width, channels] at another size. Each form is a weighted sum of source rows and columns; the
/// weights are float32 as TensorFlow's are.
/// </summary>
internal sealed class ResizeKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Resize(call, Bilinear), "ResizeBilinear");
        registry.Add(Nearest, "ResizeNearestNeighbor");
        registry.Add(static call => Resize(call, Bicubic), "ResizeBicubic");
        registry.Add(static call => Resize(call, Area), "ResizeArea");
        registry.Add(ScaleAndTranslate, "ScaleAndTranslate");
    }

    private static (float Scale, bool IsHalf) Scaling(HostCall call, long from, long to)
    {
        var corners = call.Attributes.Bool("align_corners") && to > 1;
        return (corners ? (from - 1) / (float)(to - 1) : from / (float)to, call.Attributes.Bool("half_pixel_centers"));
    }

    private static void Resize(HostCall call, Func<HostCall, long, long, ResizeWeights> weights)
    {
        var x = call.Tensor(0);
        var size = call.Ints(1);
        Write(call, weights(call, x.Dimensions[1], size[0]), weights(call, x.Dimensions[2], size[1]), size);
    }

    private static void Write(HostCall call, ResizeWeights rows, ResizeWeights columns, long[] size)
    {
        var x = call.Tensor(0);
        if (size[0] <= 0 || size[1] <= 0)
        {
            throw call.Invalid("output dimensions must be positive");
        }

        using var wide = ArrayCast.Cast(x, DType.Float32);
        var values = wide.AsSpan<float>();
        var (batch, height, width, channels) = ((int)x.Dimensions[0], (int)x.Dimensions[1], (int)x.Dimensions[2], (int)x.Dimensions[3]);
        var (newHeight, newWidth) = ((int)size[0], (int)size[1]);
        var line = new float[width * channels];
        using var result = TensorValue.Zeros(DType.Float32, batch, newHeight, newWidth, channels);
        var target = result.AsSpan<float>();
        for (var b = 0; b < batch; b++)
        {
            for (var y = 0; y < newHeight; y++)
            {
                Array.Clear(line);
                foreach (var (source, weight) in rows[y])
                {
                    var from = values.Slice(((b * height) + source) * width * channels, width * channels);
                    for (var i = 0; i < line.Length; i++)
                    {
                        line[i] += from[i] * weight;
                    }
                }

                var to = target.Slice(((b * newHeight) + y) * newWidth * channels, newWidth * channels);
                for (var i = 0; i < newWidth; i++)
                {
                    foreach (var (source, weight) in columns[i])
                    {
                        for (var c = 0; c < channels; c++)
                        {
                            to[(i * channels) + c] += line[(source * channels) + c] * weight;
                        }
                    }
                }
            }
        }

        call.Output(ArrayCast.Cast(result, call.OutputType()));
    }

    /// <summary>ResizeBilinear: half_pixel_centers reads at (i + 0.5) * scale - 0.5, else at i * scale.</summary>
    private static ResizeWeights Bilinear(HostCall call, long from, long to)
    {
        var (scale, isHalf) = Scaling(call, from, to);
        return new(to, i =>
        {
            var at = isHalf ? ((i + 0.5f) * scale) - 0.5f : i * scale;
            var low = MathF.Floor(at);
            var share = at - low;
            var first = (int)Math.Clamp(low, 0, from - 1);
            var second = (int)Math.Clamp(MathF.Ceiling(at), 0, from - 1);
            return [(first, 1 - share), (second, share)];
        });
    }

    /// <summary>
    /// ResizeBicubic: Keys' kernel with a = -0.5 and weights of what lies outside left out (half_pixel_centers), or a = -0.75
    /// with the border repeated; from a table of 1024 steps.
    /// </summary>
    private static ResizeWeights Bicubic(HostCall call, long from, long to)
    {
        var (scale, isHalf) = Scaling(call, from, to);
        var a = isHalf ? -0.5f : -0.75f;
        float Inner(float x) => (((((a + 2) * x) - (a + 3)) * x) * x) + 1;
        float Outer(float x) => (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a);
        return new(to, i =>
        {
            var at = isHalf ? ((i + 0.5f) * scale) - 0.5f : i * scale;
            var low = (long)MathF.Floor(at);
            var offset = MathF.Round((at - low) * 1024, MidpointRounding.ToEven) / 1024;
            float[] weights = [Outer(offset + 1), Inner(offset), Inner(1 - offset), Outer(2 - offset)];
            var taps = weights.Select((w, k) => (Index: low - 1 + k, Weight: w)).ToArray();
            if (!isHalf)
            {
                return [.. taps.Select(t => ((int)Math.Clamp(t.Index, 0, from - 1), t.Weight))];
            }

            var inside = taps.Where(t => t.Index >= 0 && t.Index < from).ToArray();
            var sum = inside.Sum(static t => t.Weight);
            var factor = MathF.Abs(sum) >= 1000 * float.MinValue && sum != 0 ? 1 / sum : 1;
            return [.. inside.Select(t => ((int)t.Index, t.Weight * factor))];
        });
    }

    /// <summary>ResizeArea: the mean over the source that a pixel covers.</summary>
    private static ResizeWeights Area(HostCall call, long from, long to)
    {
        var (scale, _) = Scaling(call, from, to);
        return new(to, i =>
        {
            var (start, end) = (i * scale, (i + 1) * scale);
            var taps = new List<(int, float)>();
            for (var j = (long)MathF.Floor(start); j < (long)MathF.Ceiling(end); j++)
            {
                var share = j < start ? (j + 1 > end ? scale : j + 1 - start) : j + 1 > end ? end - j : 1f;
                taps.Add(((int)Math.Clamp(j, 0, from - 1), share / scale));
            }

            return [.. taps];
        });
    }

    /// <summary>ResizeNearestNeighbor: floor((i + 0.5) * scale), round(i * scale) with align_corners, else floor(i * scale).</summary>
    private static void Nearest(HostCall call)
    {
        var x = call.Tensor(0);
        var size = call.Ints(1);
        long[][] sources = [.. Enumerable.Range(0, 2).Select(axis =>
        {
            var from = x.Dimensions[axis + 1];
            var (scale, isHalf) = Scaling(call, from, size[axis]);
            var corners = call.Attributes.Bool("align_corners");
            return Enumerable.Range(0, (int)size[axis]).Select(i => Math.Clamp(
                corners ? (long)MathF.Round(i * scale, MidpointRounding.AwayFromZero) : (long)MathF.Floor((isHalf ? i + 0.5f : i) * scale), 0, from - 1)).ToArray();
        })];
        using var rows = TensorValue.From(sources[0], sources[0].Length);
        using var columns = TensorValue.From(sources[1], sources[1].Length);
        using var tall = ArrayMovement.Gather(x, rows, 1);
        call.Output(ArrayMovement.Gather(tall, columns, 2));
    }

    /// <summary>ScaleAndTranslate: a kernel around (i + 0.5 - translate) / scale, widened with antialias where the picture shrinks.</summary>
    private static void ScaleAndTranslate(HostCall call)
    {
        var size = call.Ints(1);
        var (scale, translate) = (call.Doubles(2), call.Doubles(3));
        var (radius, kernel) = Kernel(call);
        var antialias = call.Attributes.Bool("antialias", true);
        ResizeWeights Weights(int axis)
        {
            var from = call.Tensor(0).Dimensions[axis + 1];
            var inverse = 1 / (float)scale[axis];
            var width = antialias ? Math.Max(inverse, 1f) : 1f;
            return new(size[axis], i =>
            {
                var at = ((i + 0.5f) * inverse) - ((float)translate[axis] * inverse);
                if (at < 0 || at > from)
                {
                    return [];
                }

                var start = Math.Max((long)MathF.Ceiling(at - (radius * width) - 0.5f), 0);
                var end = Math.Min((long)MathF.Floor(at + (radius * width) - 0.5f), from - 1);
                var taps = new List<(int Index, float Weight)>();
                var sum = 0f;
                for (var j = start; j <= end; j++)
                {
                    var weight = kernel((j + 0.5f - at) / width);
                    taps.Add(((int)j, weight));
                    sum += weight;
                }

                return sum == 0 ? [] : [.. taps.Select(t => (t.Index, t.Weight / sum))];
            });
        }

        Write(call, Weights(0), Weights(1), size);
    }

    private static (float Radius, Func<float, float> Kernel) Kernel(HostCall call)
    {
        static Func<float, float> Lanczos(float radius) => x => MathF.Abs(x) > radius ? 0 : MathF.Abs(x) <= 1e-3f ? 1
            : radius * MathF.Sin(MathF.PI * x) * MathF.Sin(MathF.PI * x / radius) / (MathF.PI * MathF.PI * x * x);
        return call.Attributes.Text("kernel_type", "lanczos3") switch
        {
            "lanczos1" => (1, Lanczos(1)),
            "lanczos3" => (3, Lanczos(3)),
            "lanczos5" => (5, Lanczos(5)),
            "gaussian" => (1.5f, static x => MathF.Abs(x) >= 1.5f ? 0 : MathF.Exp(-x * x / (2 * 0.5f * 0.5f))),
            "box" => (1, static x => MathF.Abs(x) < 0.5f ? 1 : MathF.Abs(x) == 0.5f ? 0.5f : 0),
            "triangle" => (1, static x => MathF.Max(0, 1 - MathF.Abs(x))),
            "keyscubic" => (2, static x => MathF.Abs(x) is var y && y >= 2 ? 0 : y >= 1 ? (((((-0.5f * y) + 2.5f) * y) - 4) * y) + 2 : ((((1.5f * y) - 2.5f) * y) * y) + 1),
            "mitchellcubic" => (2, static x => MathF.Abs(x) is var y && y >= 2 ? 0
                : y >= 1 ? (((((-7f / 18 * y) + 2) * y) - (10f / 3)) * y) + (16f / 9)
                : (((7f / 6 * y) - 2) * y * y) + (8f / 9)),
            var other => throw call.Node.Error(ErrorCode.InvalidArgument, $"there is no kernel_type {other}"),
        };
    }
}
