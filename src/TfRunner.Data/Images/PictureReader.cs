using System.Buffers;
using TfRunner.Pictures;
using TfRunner.Pictures.Jpeg;

namespace TfRunner.Data.Images;

/// <summary>Decodes pictures, resizes and preprocesses them, and writes them as tensors. May be used from many threads at once.</summary>
public sealed class PictureReader
{
    // Rec. 601, as JPEG has it.
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    private readonly PictureOptions options;
    private readonly PictureArithmetic arithmetic;
    private volatile ResizePlan? lastPlan;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">What the tensors look like.</param>
    /// <exception cref="TfRunnerException">InvalidArgument for options that fit no tensor.</exception>
    public PictureReader(PictureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        arithmetic = options.Arithmetic ?? (options.Resize == ResizeMethod.Nearest ? PictureArithmetic.Pillow : PictureArithmetic.TensorFlow);
        if (options.Channels is not (1 or 3 or 4) || options.Height < 1 || options.Width < 1 || (options.Flat && options.Channels != 1)
            || !(options.DType.IsFloating() || options.DType.IsInteger()))
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"pictures do not become {options.DType.Name()} of {options.Height} x {options.Width} x {options.Channels}");
        }
    }

    /// <summary>Decodes a picture into a tensor of one row's shape.</summary>
    /// <param name="encoded">The file's bytes.</param>
    /// <param name="source">What to name in errors.</param>
    /// <returns>[height, width, channels], [channels, height, width] or [height, width]; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">DataLoss for damaged files; Unimplemented for formats that are not decoded.</exception>
    public TensorValue Read(byte[] encoded, string source)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        var scales = options is { FastDecode: true, Height: not null, Width: not null };
        using var picture = PictureDecoder.Decode(encoded, PictureSource.File(source), new()
        {
            AtLeast = scales ? (options.Height!.Value, options.Width!.Value) : null,
            Grid = (height, width) => PlanFor(height, width, scales).Grid,
            GreyOnly = options.Channels == 1,
            Transform = arithmetic == PictureArithmetic.TensorFlow ? JpegTransform.Fast : JpegTransform.Accurate,
        });
        var resize = picture.Grid is { } grid ? PlanFor(grid.Height, grid.Width, scales) : PlanFor(picture.Height, picture.Width, scales);
        var (h, w) = (resize.Height, resize.Width);
        var from = picture.Channels;
        long[] dimensions = options.Flat ? [h, w] : options.ChannelsFirst ? [options.Channels, h, w] : [h, w, options.Channels];
        var tensor = TensorValue.Allocate(options.DType, dimensions);
        if (options is { DType: DType.Float32, ChannelsFirst: false } && from == options.Channels && from < 4)
        {
            // Nothing moves: samples are resized into the tensor and scaled there.
            var samples = tensor.AsSpan<float>();
            resize.Run(picture.Window, samples);
            if (!options.Preprocess.IsNothing)
            {
                Arrange(samples, from, h * w, samples);
            }

            return tensor;
        }

        var buffer = ArrayPool<float>.Shared.Rent(h * w * from);
        var resized = buffer.AsSpan(0, h * w * from);
        resize.Run(picture.Window, resized);
        if (options.DType == DType.Float32)
        {
            Arrange(resized, from, h * w, tensor.AsSpan<float>());
        }
        else
        {
            var arranged = ArrayPool<float>.Shared.Rent((int)tensor.Length);
            Arrange(resized, from, h * w, arranged.AsSpan(0, (int)tensor.Length));
            SampleCast.Write(arranged.AsSpan(0, (int)tensor.Length), tensor);
            ArrayPool<float>.Shared.Return(arranged);
        }

        ArrayPool<float>.Shared.Return(buffer);
        return tensor;
    }

    // Pictures of a collection often have one size.
    private ResizePlan PlanFor(int sourceHeight, int sourceWidth, bool scaled)
    {
        var method = scaled && options.Resize == ResizeMethod.Bilinear ? ResizeMethod.BilinearAntialias : options.Resize;
        var plan = lastPlan;
        if (plan is null || plan.SourceHeight != sourceHeight || plan.SourceWidth != sourceWidth)
        {
            lastPlan = plan = new(sourceHeight, sourceWidth, options.Height ?? sourceHeight, options.Width ?? sourceWidth, method, arithmetic);
        }

        return plan;
    }

    private void Arrange(ReadOnlySpan<float> from, int fromChannels, int pixels, Span<float> to)
    {
        var channels = options.Channels;
        var step = options.ChannelsFirst ? 1 : channels;
        var plane = options.ChannelsFirst ? pixels : 1;
        var order = options.Preprocess.BlueFirst && channels >= 3 ? 2 : 0;
        Span<float> scale = stackalloc float[4];
        Span<float> offset = stackalloc float[4];
        for (var k = 0; k < 4; k++)
        {
            scale[k] = k < 3 ? options.Preprocess.Scale[k] : 1f;
            offset[k] = k < 3 ? options.Preprocess.Offset[k] : 0f;
        }

        if (channels == 3 && fromChannels == 3)
        {
            ArrangeColours(from, pixels, to, plane, order, scale, offset);
            return;
        }

        for (var i = 0; i < pixels; i++)
        {
            var pixel = from.Slice(i * fromChannels, fromChannels);
            var at = i * step;
            if (channels == 1)
            {
                var grey = fromChannels < 3 ? pixel[0] : (Red * pixel[0]) + (Green * pixel[1]) + (Blue * pixel[2]);
                to[at] = (grey * scale[0]) + offset[0];
                continue;
            }

            for (var k = 0; k < 3; k++)
            {
                var sample = fromChannels < 3 ? pixel[0] : pixel[order == 0 ? k : 2 - k];
                to[at + (k * plane)] = (sample * scale[k]) + offset[k];
            }

            if (channels == 4)
            {
                to[at + (3 * plane)] = fromChannels is 2 or 4 ? pixel[^1] : 255f;
            }
        }
    }

    // The usual case, without a choice per sample. May be done in place: a pixel is read before it is written.
    private unsafe void ArrangeColours(ReadOnlySpan<float> from, int pixels, Span<float> to, int plane, int order, ReadOnlySpan<float> scale, ReadOnlySpan<float> offset)
    {
        var step = options.ChannelsFirst ? 1 : 3;
        var (s0, s1, s2) = (scale[0], scale[1], scale[2]);
        var (o0, o1, o2) = (offset[0], offset[1], offset[2]);
        fixed (float* source = from, target = to)
        {
            var at = source;
            for (var put = target; at < source + (3 * pixels); at += 3, put += step)
            {
                var (first, second, third) = (at[order], at[1], at[2 - order]);
                put[0] = (first * s0) + o0;
                put[plane] = (second * s1) + o1;
                put[2 * plane] = (third * s2) + o2;
            }
        }
    }
}
