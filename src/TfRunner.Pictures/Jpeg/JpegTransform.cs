namespace TfRunner.Pictures.Jpeg;

/// <summary>Which of libjpeg's inverse cosine transforms gives the samples. They differ by a level on average, and by several at sharp edges.</summary>
internal enum JpegTransform
{
    /// <summary>The fast integer one, by which <c>tf.io.decode_jpeg</c> decodes unless told otherwise.</summary>
    Fast,

    /// <summary>The accurate integer one, by which libvips and Pillow decode.</summary>
    Accurate,
}
