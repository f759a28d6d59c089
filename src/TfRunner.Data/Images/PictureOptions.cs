namespace TfRunner.Data.Images;

/// <summary>How pictures become rows of a tensor.</summary>
public sealed record PictureOptions
{
    /// <summary>The height in pixels, at least 1; null keeps each picture's own.</summary>
    public int? Height { get; init; }

    /// <summary>The width in pixels, at least 1; null keeps each picture's own.</summary>
    public int? Width { get; init; }

    /// <summary>1 (grey), 3 (RGB) or 4 (RGBA). Default 3.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Whether channels come before height and width.</summary>
    public bool ChannelsFirst { get; init; }

    /// <summary>Whether rows lack the channel dimension; needs one channel.</summary>
    public bool Flat { get; init; }

    /// <summary>The element type: a real floating type or an integer. Integers are rounded and kept in their range.</summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>How sizes are matched.</summary>
    public ResizeMethod Resize { get; init; } = ResizeMethod.Bilinear;

    /// <summary>What is done to the samples.</summary>
    public Preprocessing Preprocess { get; init; } = Preprocessing.None;

    /// <summary>Lets the decoder scale JPEG and WebP down by 2, 4 or 8 while decoding, never below the size wanted; the rest is resized with antialias.
    /// Two to three times as fast for large photographs; values differ slightly from an exact decode.</summary>
    public bool FastDecode { get; init; }

    /// <summary>Whose arithmetic is followed; null: TensorFlow's, or Pillow's with <see cref="ResizeMethod.Nearest"/>, which is the default of Keras's
    /// load_img.</summary>
    public PictureArithmetic? Arithmetic { get; init; }

    /// <summary>Takes size, channels, layout and dtype from what a signature says.</summary>
    /// <param name="input">An input of shape [batch, height, width, channels], [batch, channels, height, width] or [batch, height, width]; unknown dimensions are left to the pictures.</param>
    /// <returns>The options.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when the input cannot take pictures.</exception>
    public static PictureOptions For(TensorSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.DType != DType.String && (input.DType.IsFloating() || input.DType.IsInteger()) && input.Shape.IsRankKnown)
        {
            var d = input.Shape.Dimensions;
            if (d.Length == 3)
            {
                return new() { Height = Size(d[1]), Width = Size(d[2]), Channels = 1, Flat = true, DType = input.DType };
            }

            if (d.Length == 4 && d[3] is 1 or 3 or 4)
            {
                return new() { Height = Size(d[1]), Width = Size(d[2]), Channels = (int)d[3], DType = input.DType };
            }

            if (d.Length == 4 && d[1] is 1 or 3 or 4)
            {
                return new() { Height = Size(d[2]), Width = Size(d[3]), Channels = (int)d[1], ChannelsFirst = true, DType = input.DType };
            }

            if (d.Length == 4 && d[3] < 0)
            {
                return new() { Height = Size(d[1]), Width = Size(d[2]), DType = input.DType };
            }
        }

        throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"input {input} takes no pictures", "pictures go into inputs such as float32 [?, 224, 224, 3], or encoded into string inputs");

        static int? Size(long dimension) => dimension < 0 ? null : (int)dimension;
    }
}
