namespace TfRunner.Data.Formats.TfRecord;

/// <summary>One feature of a tf.Example: one of the three lists is set, or none for an empty feature.</summary>
internal sealed class ExampleFeature
{
    public List<byte[]>? Bytes { get; set; }

    public List<float>? Floats { get; set; }

    public List<long>? Integers { get; set; }
}
