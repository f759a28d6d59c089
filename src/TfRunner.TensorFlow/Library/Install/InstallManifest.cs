using System.Globalization;
using System.Text.Json;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>What <c>native install</c> wrote down about a version, in <c>install.json</c> beside its files.</summary>
/// <param name="TensorFlow">The version that the library gives itself.</param>
/// <param name="IsGpu">Whether the build for GPUs was asked for.</param>
/// <param name="Source">What it was installed from.</param>
/// <param name="InstalledAt">When.</param>
/// <param name="Files">Its files with their checksums.</param>
internal sealed record InstallManifest(string TensorFlow, bool IsGpu, string Source, DateTimeOffset InstalledAt, IReadOnlyList<InstalledFile> Files)
{
    public const string FileName = "install.json";
    private const int Schema = 1;

    /// <summary>What the version is called in the store and on the command line.</summary>
    public string Version => IsGpu ? TensorFlow + "-gpu" : TensorFlow;

    public long Length => Files.Sum(static f => f.Length);

    /// <summary>Writes the manifest and waits until it is on the disk.</summary>
    public void Write(string folder)
    {
        using var stream = File.Create(Path.Combine(folder, FileName));
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", Schema);
            writer.WriteString("tensorflow", TensorFlow);
            writer.WriteBoolean("gpu", IsGpu);
            writer.WriteString("source", Source);
            writer.WriteString("installed_at", InstalledAt.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteStartArray("files");
            foreach (var file in Files)
            {
                writer.WriteStartObject();
                writer.WriteString("name", file.Name);
                writer.WriteNumber("length", file.Length);
                writer.WriteString("sha256", file.Sha256);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads a version's manifest.</summary>
    /// <param name="folder">The version's folder.</param>
    /// <returns>The manifest; null when there is none, or one that cannot be understood.</returns>
    public static InstallManifest? Read(string folder)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, FileName)));
            var root = document.RootElement;
            return new(
                root.GetProperty("tensorflow").GetString()!,
                root.GetProperty("gpu").GetBoolean(),
                root.GetProperty("source").GetString()!,
                root.GetProperty("installed_at").GetDateTimeOffset(),
                [
                    .. root.GetProperty("files").EnumerateArray().Select(static f => new InstalledFile(
                        f.GetProperty("name").GetString()!, f.GetProperty("length").GetInt64(), f.GetProperty("sha256").GetString()!)),
                ]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
