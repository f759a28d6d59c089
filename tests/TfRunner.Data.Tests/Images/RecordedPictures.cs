using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Data.Tests.Images;

/// <summary>What TensorFlow and Keras made of small pictures, as scripts/record-pictures recorded it.</summary>
internal static class RecordedPictures
{
    public static Dictionary<string, TensorValue> Resized { get; } = Read("resized");

    public static Dictionary<string, TensorValue> Preprocessed { get; } = Read("preprocessed");

    private static Dictionary<string, TensorValue> Read(string name)
    {
        using var reader = NpzReader.Open(Path.Combine(AppContext.BaseDirectory, "Recorded", name + ".npz"));
        return reader.ReadAll();
    }
}
