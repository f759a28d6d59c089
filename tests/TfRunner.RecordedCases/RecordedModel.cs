using System.Text.Json;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.RecordedCases;

/// <summary>A SavedModel with recorded calls.</summary>
public sealed class RecordedModel
{
    private RecordedModel(string name, string folder, double? tolerance)
    {
        Name = name;
        Folder = folder;
        About = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "about.json"))).RootElement;
        RelativeTolerance = Number("rtol") ?? 1e-3;
        AbsoluteTolerance = Number("atol") ?? tolerance ?? 1e-5;
        var cases = Path.Combine(folder, "cases");
        Cases = !Directory.Exists(cases)
            ? []
            : [.. Directory.GetFiles(cases, "*.inputs.npz")
                .Select(static f => Path.GetFileName(f)[..^".inputs.npz".Length])
                .Order(StringComparer.Ordinal)
                .Select(id => new RecordedCase(this, id))];
    }

    /// <summary>The name, which is the folder's.</summary>
    public string Name { get; }

    /// <summary>The folder with <c>saved_model</c>, <c>cases</c> and <c>about.json</c>.</summary>
    public string Folder { get; }

    /// <summary>The SavedModel directory.</summary>
    public string SavedModelDirectory => Path.Combine(Folder, "saved_model");

    /// <summary>What <c>about.json</c> says.</summary>
    public JsonElement About { get; }

    /// <summary>The relative tolerance of floats.</summary>
    public double RelativeTolerance { get; }

    /// <summary>The absolute tolerance of floats.</summary>
    public double AbsoluteTolerance { get; }

    /// <summary>Whether each case is the first call after a fresh load.</summary>
    public bool IsStateful => About.TryGetProperty("stateful", out var s) && s.GetBoolean();

    /// <summary>Whether calls must fail, and how.</summary>
    public bool IsErrorCase => About.TryGetProperty("error_case", out _);

    /// <summary>Whether Python TensorFlow cannot run it either.</summary>
    public bool FailsInPython => Cases.Count == 0 && About.GetRawText().Contains("python_error", StringComparison.Ordinal);

    /// <summary>The recorded calls.</summary>
    public IReadOnlyList<RecordedCase> Cases { get; }

    /// <summary>The small models; empty without the shared folder.</summary>
    public static IReadOnlyList<RecordedModel> Small { get; } = SharedFolder.IsPresent ? Under(Path.Combine(SharedFolder.Path!, "models"), null) : [];

    /// <summary>The three image networks, whose probabilities may differ by 2e-3.</summary>
    public static Lazy<IReadOnlyList<RecordedModel>> Large { get; } = new(static () => SharedFolder.IsPresent ? Under(SharedFolder.LargeModels, 2e-3) : []);

    /// <summary>The models of other projects.</summary>
    public static Lazy<IReadOnlyList<RecordedModel>> Wild { get; } = new(static () => SharedFolder.IsPresent ? Under(SharedFolder.WildModels, null) : []);

    /// <summary>Finds a model among all.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The model.</returns>
    public static RecordedModel Find(string name) =>
        Small.FirstOrDefault(m => m.Name == name) ?? Large.Value.FirstOrDefault(m => m.Name == name) ?? Wild.Value.First(m => m.Name == name);

    /// <summary>Reads an <c>.npz</c> file in the model's folder.</summary>
    /// <param name="relativePath">Such as <c>digits_test.npz</c>.</param>
    /// <returns>The arrays by key.</returns>
    public Dictionary<string, TensorValue> ReadNpz(string relativePath)
    {
        using var reader = NpzReader.Open(Path.Combine(Folder, relativePath));
        return reader.ReadAll();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static List<RecordedModel> Under(string folder, double? tolerance) =>
        [.. Directory.GetDirectories(folder)
            .Where(static d => File.Exists(Path.Combine(d, "about.json")))
            .Order(StringComparer.Ordinal)
            .Select(d => new RecordedModel(Path.GetFileName(d), d, tolerance))];

    private double? Number(string key) => About.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
