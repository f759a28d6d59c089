using System.Text.Json;
using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Onnx.Tests;

/// <summary>One small graph with what TensorFlow computed for it, unpacked into a folder of its own until it is disposed.</summary>
internal sealed class OpCase : IDisposable
{
    private readonly JsonElement about;

    public OpCase(string name, IReadOnlyDictionary<string, byte[]> files)
    {
        Folder = Directory.CreateTempSubdirectory("op-case-").FullName;
        foreach (var (file, content) in files)
        {
            var path = Path.Combine(Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        Name = name;
        about = files.TryGetValue("about.json", out var json) ? JsonDocument.Parse(json).RootElement : default;
    }

    /// <summary>Op and case, such as <c>AddV2/broadcast</c>.</summary>
    public string Name { get; }

    /// <summary>The SavedModel directory.</summary>
    public string Folder { get; }

    /// <summary>The op that the engine must refuse by name; null where it must agree.</summary>
    public string? Refused => Find("refused") is { } r ? r.GetString() : null;

    /// <summary>The range that random results lie in; null where results repeat.</summary>
    public (double Low, double High)? RandomRange => Find("random") is { } r ? (r[0].GetDouble(), r[1].GetDouble()) : null;

    public double RelativeTolerance => Find("rtol") is { } r ? r.GetDouble() : 1e-3;

    public double AbsoluteTolerance => Find("atol") is { } a ? a.GetDouble() : 1e-5;

    public TensorValue[] Inputs(Signature signature) => Read("inputs.npz", signature.Inputs);

    public TensorValue[] Outputs(Signature signature) => Read("outputs.npz", signature.Outputs);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private JsonElement? Find(string name) => about.ValueKind == JsonValueKind.Object && about.TryGetProperty(name, out var value) ? value : null;

    private TensorValue[] Read(string file, IReadOnlyList<TensorSpec> specs)
    {
        using var reader = NpzReader.Open(Path.Combine(Folder, file));
        var arrays = reader.ReadAll();

        // bfloat16 is recorded as its raw bits in uint16.
        return [.. specs.Select(s => arrays[s.Name] is { DType: DType.UInt16 } bits && s.DType == DType.BFloat16
            ? TensorValue.Wrap(s.DType, bits.Pointer, bits.ByteLength, bits, bits.Dimensions)
            : arrays[s.Name])];
    }
}
