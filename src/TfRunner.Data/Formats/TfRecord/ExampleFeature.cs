namespace TfRunner.Data.Formats.TfRecord;

/// <summary>One feature of a tf.Example: one of the three lists is set, or none for an empty feature.</summary>
internal sealed class ExampleFeature
{
    /// <summary>Whether it has no values.</summary>
    public bool IsEmpty => (Bytes?.Count ?? 0) + (Floats?.Count ?? 0) + (Integers?.Count ?? 0) == 0;

    public List<byte[]>? Bytes { get; set; }

    public List<float>? Floats { get; set; }

    public List<long>? Integers { get; set; }
}
