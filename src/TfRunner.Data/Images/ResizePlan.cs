using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TfRunner.Pictures;

namespace TfRunner.Data.Images;

/// <summary>
/// How pictures of one size are brought to another, with TensorFlow's arithmetic. Sources: the documents of tf.image.resize and
/// tf.image.resize_with_pad, and of Keras's crop_to_aspect_ratio.
/// </summary>
internal sealed unsafe class ResizePlan
{
    private readonly AntialiasKernel? antialias;
    private readonly AxisSamples? ys;
    private readonly AxisSamples? xs;
    private readonly AxisSamples? keptYs;
    private readonly AxisSamples? keptXs;
    private readonly bool isNearest;
    private readonly int top;
    private readonly int left;

    /// <summary>Makes a plan.</summary>
    /// <param name="sourceHeight">The pictures' height, at least 1.</param>
    /// <param name="sourceWidth">Their width, at least 1.</param>
    /// <param name="height">The height to bring them to, at least 1.</param>
    /// <param name="width">The width to bring them to, at least 1.</param>
    /// <param name="method">How.</param>
    /// <param name="arithmetic">Whose choice between pixels equally near.</param>
    public ResizePlan(int sourceHeight, int sourceWidth, int height, int width, ResizeMethod method, PictureArithmetic arithmetic = PictureArithmetic.TensorFlow)
    {
        (SourceHeight, SourceWidth, Height, Width) = (sourceHeight, sourceWidth, height, width);
        isNearest = method == ResizeMethod.Nearest;
        switch (method)
        {
            case ResizeMethod.BilinearAntialias:
                antialias = new(sourceHeight, sourceWidth, height, width);
                Grid = new(sourceHeight, sourceWidth, null, null);
                return;
            case ResizeMethod.Nearest:
                (ys, xs) = (AxisSamples.Nearest(sourceHeight, height, arithmetic), AxisSamples.Nearest(sourceWidth, width, arithmetic));
                break;
            case ResizeMethod.Pad:
                // Single precision, as TensorFlow has it: a row more or less hangs on it.
                var ratio = Math.Max((float)sourceWidth / width, (float)sourceHeight / height);
                var fullHeight = sourceHeight / ratio;
                var fullWidth = sourceWidth / ratio;
                top = Math.Max(0, (int)MathF.Floor((height - fullHeight) / 2));
                left = Math.Max(0, (int)MathF.Floor((width - fullWidth) / 2));
                ys = AxisSamples.Bilinear(sourceHeight, Math.Max(1, (int)MathF.Floor(fullHeight)));
                xs = AxisSamples.Bilinear(sourceWidth, Math.Max(1, (int)MathF.Floor(fullWidth)));
                break;
            case ResizeMethod.CropToAspect:
                var cropHeight = Math.Max(1, Math.Min(sourceHeight, (int)((float)((long)sourceWidth * height) / width)));
                var cropWidth = Math.Max(1, Math.Min(sourceWidth, (int)((float)((long)sourceHeight * width) / height)));
                ys = AxisSamples.Bilinear(cropHeight, height, (sourceHeight - cropHeight) / 2);
                xs = AxisSamples.Bilinear(cropWidth, width, (sourceWidth - cropWidth) / 2);
                break;
            default:
                (ys, xs) = (AxisSamples.Bilinear(sourceHeight, height), AxisSamples.Bilinear(sourceWidth, width));
                break;
        }

        // Picking single columns pays when they are few.
        var rows = ys.Positions();
        var columns = xs.Positions();
        Grid = new(sourceHeight, sourceWidth, rows.Length < sourceHeight ? rows : null, columns.Length * 2 <= sourceWidth ? columns : null);
        (keptYs, keptXs) = (ys.In(Grid.Rows), xs.In(Grid.Columns));
    }

    public int SourceHeight { get; }

    public int SourceWidth { get; }

    /// <summary>The height that pictures are brought to.</summary>
    public int Height { get; }

    /// <summary>The width that pictures are brought to.</summary>
    public int Width { get; }

    /// <summary>The rows and columns that are read.</summary>
    public SampleGrid Grid { get; }

    /// <summary>Resizes into floats of 0 to 255, channels last.</summary>
    /// <param name="source">The picture, or what <see cref="Grid"/> has of it.</param>
    /// <param name="target">Height x width x channels of the source.</param>
    public void Run(PixelWindow source, Span<float> target)
    {
        if (antialias is not null)
        {
            antialias.Run(source, target);
            return;
        }

        var isWhole = source.Height == SourceHeight && source.Width == SourceWidth;
        var (rows, columns) = isWhole ? (ys!, xs!) : (keptYs!, keptXs!);
        if (rows.Lower.Length < Height || columns.Lower.Length < Width)
        {
            target.Clear();
        }

        var channels = source.Channels;
        fixed (float* start = target)
        {
            for (var y = 0; y < rows.Lower.Length; y++)
            {
                var to = start + ((((long)(y + top) * Width) + left) * channels);
                if (isNearest)
                {
                    Pick(source.Row(rows.Lower[y]), columns.Lower, channels, to);
                }
                else
                {
                    Blend(source.Row(rows.Lower[y]), source.Row(rows.Upper[y]), rows.Parts[y], columns, channels, to);
                }
            }
        }
    }

    private static void Pick(byte* row, int[] columns, int channels, float* to)
    {
        foreach (var x in columns)
        {
            for (var k = 0; k < channels; k++)
            {
                *to++ = row[(x * channels) + k];
            }
        }
    }

    private static void Blend(byte* upper, byte* lower, float part, AxisSamples columns, int channels, float* to)
    {
        var count = columns.Lower.Length;
        var x = 0;
        if (channels == 3)
        {
            // A pixel of three is read and written as four: the next pixel puts right what the fourth overwrote.
            var down = Vector128.Create(part);
            for (; x < count - 1; x++, to += 3)
            {
                var (left, right) = (columns.Lower[x] * 3, columns.Upper[x] * 3);
                var across = Vector128.Create(columns.Parts[x]);
                var (a, b, c, d) = (Four(upper + left), Four(upper + right), Four(lower + left), Four(lower + right));
                var above = a + ((b - a) * across);
                (above + (((c + ((d - c) * across)) - above) * down)).Store(to);
            }
        }

        for (; x < count; x++)
        {
            var (left, right, across) = (columns.Lower[x] * channels, columns.Upper[x] * channels, columns.Parts[x]);
            for (var k = 0; k < channels; k++)
            {
                var above = upper[left + k] + ((upper[right + k] - upper[left + k]) * across);
                var below = lower[left + k] + ((lower[right + k] - lower[left + k]) * across);
                *to++ = above + ((below - above) * part);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Four(byte* from) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(from)).AsByte())).AsInt32());
}
