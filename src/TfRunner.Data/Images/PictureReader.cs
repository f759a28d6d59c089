using System.Buffers;

namespace TfRunner.Data.Images;

/// <summary>Decodes pictures, resizes and preprocesses them, and writes them as tensors. May be used from many threads at once.</summary>
public sealed class PictureReader
{
    // Rec. 601, as JPEG has it.
    private const float Red = 0.299f;
    private const float Green = 0.587f;
    private const float Blue = 0.114f;

    private readonly PictureOptions options;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">What the tensors look like.</param>
    /// <exception cref="TfRunnerException">InvalidArgument for options that fit no tensor.</exception>
    public PictureReader(PictureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
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
        (int, int)? atLeast = options is { FastDecode: true, Height: { } h, Width: { } w } ? (h, w) : null;
        using var picture = PictureDecoder.Decode(encoded, source, atLeast);
        var height = options.Height ?? picture.Height;
        var width = options.Width ?? picture.Width;
        var from = picture.Channels;
        var buffer = ArrayPool<float>.Shared.Rent(height * width * from);
        var resized = buffer.AsSpan(0, height * width * from);
        Resizing.Run(picture.Window, resized, height, width, atLeast is not null && options.Resize == ResizeMethod.Bilinear ? ResizeMethod.BilinearAntialias : options.Resize);
        long[] dimensions = options.Flat ? [height, width] : options.ChannelsFirst ? [options.Channels, height, width] : [height, width, options.Channels];
        var tensor = TensorValue.Allocate(options.DType, dimensions);
        if (options.DType == DType.Float32)
        {
            Arrange(resized, from, height * width, tensor.AsSpan<float>());
        }
        else
        {
            var arranged = ArrayPool<float>.Shared.Rent((int)tensor.Length);
            Arrange(resized, from, height * width, arranged.AsSpan(0, (int)tensor.Length));
            SampleCast.Write(arranged.AsSpan(0, (int)tensor.Length), tensor);
            ArrayPool<float>.Shared.Return(arranged);
        }

        ArrayPool<float>.Shared.Return(buffer);
        return tensor;
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
}
