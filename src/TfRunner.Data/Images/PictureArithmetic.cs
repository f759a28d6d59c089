namespace TfRunner.Data.Images;

/// <summary>
/// Whose arithmetic is followed where programs differ. Decoders of JPEG round differently: by a level on average, and by several at
/// sharp edges. The nearest of two pixels equally near is another one.
/// </summary>
public enum PictureArithmetic
{
    /// <summary>As <c>tf.io.decode_jpeg</c> by default (libjpeg's fast integer transform) and <c>tf.image.resize</c>.</summary>
    TensorFlow,

    /// <summary>As Pillow, and so <c>keras.utils.load_img</c>: libjpeg's accurate integer transform.</summary>
    Pillow,
}
