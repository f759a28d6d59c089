using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Pictures.Tests;

/// <summary>Small JPEG files and the samples that TensorFlow decodes them to, as scripts/record-pictures recorded them.</summary>
internal sealed class RecordedJpeg
{
    private const string Samples = ".samples";
    private readonly Dictionary<string, TensorValue> arrays;

    private RecordedJpeg(string archive)
    {
        using var reader = NpzReader.Open(Path.Combine(AppContext.BaseDirectory, "Recorded", archive + ".npz"));
        arrays = reader.ReadAll();
        Names = [.. arrays.Keys.Where(static k => !k.EndsWith(Samples, StringComparison.Ordinal))];
    }

    /// <summary>Every usual way of coding.</summary>
    public static RecordedJpeg Usual { get; } = new("jpeg");

    /// <summary>Four inks.</summary>
    public static RecordedJpeg Inks { get; } = new("jpeg-inks");

    /// <summary>Decoded without interpolation.</summary>
    public static RecordedJpeg Repeated { get; } = new("jpeg-repeated");

    /// <summary>Files with wrong bytes.</summary>
    public static RecordedJpeg Damaged { get; } = new("jpeg-damaged");

    /// <summary>The names of the files.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>A file's bytes.</summary>
    public byte[] File(string name) => arrays[name].Bytes.ToArray();

    /// <summary>What TensorFlow decodes it to.</summary>
    public TensorValue Decoded(string name) => arrays[name + Samples];
}
