using System.Buffers;
using System.Runtime.Intrinsics;
using TfRunner.Pictures;

namespace TfRunner.Data.Images;

/// <summary>
/// Bilinear resizing whose kernel widens when shrinking. Source: the document of TensorFlow's ScaleAndTranslate op with the
/// triangle kernel.
/// </summary>
internal sealed unsafe class AntialiasKernel(int sourceHeight, int sourceWidth, int height, int width)
{
    private readonly (int First, float[] Weights)[] xs = Spans(sourceWidth, width);
    private readonly (int First, float[] Weights)[] ys = Spans(sourceHeight, height);

    /// <summary>Resizes.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="target">Height x width x channels of the source.</param>
    public void Run(PixelWindow source, Span<float> target)
    {
        var c = source.Channels;
        var samples = source.Width * c;

        // Four more, since pixels of three samples are loaded as four.
        var buffer = ArrayPool<float>.Shared.Rent(samples + 4);
        fixed (float* row = buffer)
        fixed (float* start = target)
        {
            for (var y = 0; y < height; y++)
            {
                new Span<float>(row, samples + 4).Clear();
                for (var k = 0; k < ys[y].Weights.Length; k++)
                {
                    AddRow(source.Row(ys[y].First + k), row, samples, ys[y].Weights[k]);
                }

                var to = start + ((long)y * width * c);
                for (var x = 0; x < width; x++, to += c)
                {
                    Weigh(row + (xs[x].First * c), xs[x].Weights, c, to);
                }
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
    }

    private static void AddRow(byte* from, float* to, int count, float weight)
    {
        var i = 0;
        var weights = Vector256.Create(weight);
        for (; i <= count - 32; i += 32)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(from + i));
            var (a, b) = Vector256.Widen(low);
            var (d, e) = Vector256.Widen(high);
            Add(a, to + i);
            Add(b, to + i + 8);
            Add(d, to + i + 16);
            Add(e, to + i + 24);
        }

        for (; i < count; i++)
        {
            to[i] += from[i] * weight;
        }

        void Add(Vector256<uint> samples, float* at) =>
            Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(samples.AsInt32()), weights, Vector256.Load(at)).Store(at);
    }

    private static void Weigh(float* pixels, float[] weights, int c, float* to)
    {
        if (c == 3)
        {
            var sum = Vector128<float>.Zero;
            for (var k = 0; k < weights.Length; k++)
            {
                sum = Vector128.FusedMultiplyAdd(Vector128.Load(pixels + (k * 3)), Vector128.Create(weights[k]), sum);
            }

            (to[0], to[1], to[2]) = (sum[0], sum[1], sum[2]);
            return;
        }

        for (var s = 0; s < c; s++)
        {
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += pixels[(k * c) + s] * weights[k];
            }

            to[s] = sum;
        }
    }

    private static (int First, float[] Weights)[] Spans(int from, int to)
    {
        var inverse = (float)from / to;
        var reach = Math.Max(inverse, 1f);
        var spans = new (int, float[])[to];
        for (var i = 0; i < to; i++)
        {
            var centre = (i + 0.5f) * inverse;
            var first = Math.Clamp((int)MathF.Ceiling(centre - reach - 0.5f), 0, from - 1);
            var last = Math.Clamp((int)MathF.Floor(centre + reach - 0.5f), first, from - 1);
            var weights = new float[last - first + 1];
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
            {
                weights[k] = Math.Max(0f, 1f - (MathF.Abs(first + k + 0.5f - centre) / reach));
                sum += weights[k];
            }

            for (var k = 0; k < weights.Length; k++)
            {
                weights[k] /= sum;
            }

            spans[i] = (first, weights);
        }

        return spans;
    }
}
