using System.Buffers;
using System.Runtime.Intrinsics;

namespace TfRunner.Data.Images;

/// <summary>
/// Resizing with TensorFlow's arithmetic. Sources: the documents of tf.image.resize (half-pixel centres), of
/// tf.image.resize_with_pad, and of the ScaleAndTranslate op with the triangle kernel.
/// </summary>
internal static unsafe class Resizing
{
    /// <summary>Resizes into floats of 0 to 255, channels last.</summary>
    /// <param name="source">The picture.</param>
    /// <param name="target">Height x width x channels of the source.</param>
    /// <param name="height">The target's height.</param>
    /// <param name="width">The target's width.</param>
    /// <param name="method">How.</param>
    public static void Run(PixelWindow source, Span<float> target, int height, int width, ResizeMethod method)
    {
        switch (method)
        {
            case ResizeMethod.Bilinear:
                Bilinear(source, target, height, width, width * source.Channels);
                break;
            case ResizeMethod.BilinearAntialias:
                Antialias(source, target, height, width);
                break;
            case ResizeMethod.Nearest:
                Nearest(source, target, height, width);
                break;
            case ResizeMethod.Pad:
                Pad(source, target, height, width);
                break;
            default:
                Bilinear(AspectCrop(source, height, width), target, height, width, width * source.Channels);
                break;
        }
    }

    private static PixelWindow AspectCrop(PixelWindow source, int height, int width)
    {
        var cropHeight = Math.Min(source.Height, (int)((float)((long)source.Width * height) / width));
        var cropWidth = Math.Min(source.Width, (int)((float)((long)source.Height * width) / height));
        return source.Crop((source.Height - cropHeight) / 2, (source.Width - cropWidth) / 2, Math.Max(cropHeight, 1), Math.Max(cropWidth, 1));
    }

    private static void Pad(PixelWindow source, Span<float> target, int height, int width)
    {
        target.Clear();

        // Single precision, as TensorFlow has it: a row more or less hangs on it.
        var ratio = Math.Max((float)source.Width / width, (float)source.Height / height);
        var fullHeight = source.Height / ratio;
        var fullWidth = source.Width / ratio;
        var top = Math.Max(0, (int)MathF.Floor((height - fullHeight) / 2));
        var left = Math.Max(0, (int)MathF.Floor((width - fullWidth) / 2));
        var stride = width * source.Channels;
        Bilinear(source, target[((top * stride) + (left * source.Channels))..], Math.Max(1, (int)MathF.Floor(fullHeight)), Math.Max(1, (int)MathF.Floor(fullWidth)), stride);
    }

    private static void Nearest(PixelWindow source, Span<float> target, int height, int width)
    {
        var c = source.Channels;
        var ys = Centres(source.Height, height);
        var xs = Centres(source.Width, width);
        for (var y = 0; y < height; y++)
        {
            var row = source.Row(ys[y]);
            for (var x = 0; x < width; x++)
            {
                var pixel = row + (xs[x] * c);
                for (var k = 0; k < c; k++)
                {
                    target[(((y * width) + x) * c) + k] = pixel[k];
                }
            }
        }
    }

    // Adding up in double precision, as Pillow does, decides the ties as Pillow does.
    private static int[] Centres(int from, int to)
    {
        var scale = (double)from / to;
        var centres = new int[to];
        var at = scale * 0.5;
        for (var i = 0; i < to; i++, at += scale)
        {
            centres[i] = Math.Min((int)at, from - 1);
        }

        return centres;
    }

    private static void Bilinear(PixelWindow source, Span<float> target, int height, int width, int stride)
    {
        var c = source.Channels;
        var xs = Positions(source.Width, width);
        var ys = Positions(source.Height, height);
        fixed (float* start = target)
        {
            for (var y = 0; y < height; y++)
            {
                var top = source.Row(ys[y].Lower);
                var bottom = source.Row(ys[y].Upper);
                var yPart = ys[y].Part;
                var to = start + ((long)y * stride);
                for (var x = 0; x < width; x++)
                {
                    var (lower, upper, xPart) = xs[x];
                    lower *= c;
                    upper *= c;
                    for (var k = 0; k < c; k++)
                    {
                        var above = top[lower + k] + ((top[upper + k] - top[lower + k]) * xPart);
                        var below = bottom[lower + k] + ((bottom[upper + k] - bottom[lower + k]) * xPart);
                        *to++ = above + ((below - above) * yPart);
                    }
                }
            }
        }
    }

    private static (int Lower, int Upper, float Part)[] Positions(int from, int to)
    {
        var scale = (float)from / to;
        var positions = new (int, int, float)[to];
        for (var i = 0; i < to; i++)
        {
            var at = ((i + 0.5f) * scale) - 0.5f;
            var floor = MathF.Floor(at);
            positions[i] = (Math.Max((int)floor, 0), Math.Min((int)MathF.Ceiling(at), from - 1), at - floor);
        }

        return positions;
    }

    private static void Antialias(PixelWindow source, Span<float> target, int height, int width)
    {
        var c = source.Channels;
        var samples = source.Width * c;
        var xs = Spans(source.Width, width);
        var ys = Spans(source.Height, height);

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
