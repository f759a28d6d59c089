using TfRunner.Data.Images;

namespace TfRunner.Data.Formats;

/// <summary>What the user says about pictures; the rest comes from the signature.</summary>
public sealed record PictureReading
{
    /// <summary>What is done to the samples. Default: nothing, 0 to 255.</summary>
    public Preprocessing Preprocess { get; init; } = Preprocessing.None;

    /// <summary>How sizes are matched. Default: bilinear.</summary>
    public ResizeMethod Resize { get; init; } = ResizeMethod.Bilinear;

    /// <summary>Whether the decoder may scale while decoding. Default: no.</summary>
    public bool FastDecode { get; init; }

    /// <summary>Whose arithmetic is followed; null: TensorFlow's, or Pillow's with <see cref="ResizeMethod.Nearest"/>.</summary>
    public PictureArithmetic? Arithmetic { get; init; }

    /// <summary>Pictures decoded at once, at least 1, or <see cref="Pipeline.Dataset.Auto"/>. Default: Auto.</summary>
    public int ParallelCalls { get; init; } = Pipeline.Dataset.Auto;

    /// <summary>The size, where the signature leaves it open; null: each picture's own.</summary>
    public (int Height, int Width)? Size { get; init; }

    internal PictureOptions Apply(PictureOptions options) => options with
    {
        Preprocess = Preprocess,
        Resize = Resize,
        FastDecode = FastDecode,
        Arithmetic = Arithmetic,
        Height = options.Height ?? Size?.Height,
        Width = options.Width ?? Size?.Width,
    };
}
