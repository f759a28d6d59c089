namespace TfRunner.Data.Images;

/// <summary>Decoders of JPEG round differently: by a level on average, and by several at sharp edges.</summary>
public enum JpegSamples
{
    /// <summary>As <c>tf.io.decode_jpeg</c> gives them by default: libjpeg's fast integer transform.</summary>
    TensorFlow,

    /// <summary>As Pillow gives them, and so <c>keras.utils.load_img</c>: libjpeg's accurate integer transform.</summary>
    Pillow,
}
