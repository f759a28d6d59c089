namespace TfRunner.Data.Images;

/// <summary>How a picture is brought to the size that a model takes.</summary>
public enum ResizeMethod
{
    /// <summary>Bilinear with half-pixel centres and no antialias: <c>tf.image.resize</c>'s default, and that of Keras's directory loaders.</summary>
    Bilinear,

    /// <summary>Bilinear whose kernel widens when shrinking: <c>tf.image.resize(antialias=True)</c>, and Pillow's bilinear.</summary>
    BilinearAntialias,

    /// <summary>The nearest pixel, half-pixel centres: <c>keras.utils.load_img</c>'s default.</summary>
    Nearest,

    /// <summary>Bilinear to the largest size of the same aspect that fits, centred on black: <c>tf.image.resize_with_pad</c>.</summary>
    Pad,

    /// <summary>The largest centred part with the target's aspect, then bilinear: Keras's <c>crop_to_aspect_ratio</c>.</summary>
    CropToAspect,
}
