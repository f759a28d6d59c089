using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Pictures.Tests;

/// <summary>Small JPEG files and the samples that TensorFlow decodes them to, as scripts/record-pictures recorded them.</summary>
internal static class RecordedJpeg
{
    private const string Samples = ".samples";

    private static readonly Dictionary<string, TensorValue> Arrays = Read("jpeg");

    /// <summary>The names of the files.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Arrays.Keys.Where(static k => !k.EndsWith(Samples, StringComparison.Ordinal))];

    /// <summary>A file's bytes.</summary>
    public static byte[] File(string name) => Arrays[name].Bytes.ToArray();

    /// <summary>What TensorFlow decodes it to.</summary>
    public static TensorValue Decoded(string name) => Arrays[name + Samples];

    private static Dictionary<string, TensorValue> Read(string name)
    {
        using var reader = NpzReader.Open(Path.Combine(AppContext.BaseDirectory, "Recorded", name + ".npz"));
        return reader.ReadAll();
    }
}
