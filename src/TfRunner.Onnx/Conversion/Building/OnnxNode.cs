namespace TfRunner.Onnx.Conversion.Building;

/// <summary>A node of the ONNX graph.</summary>
internal sealed class OnnxNode
{
    public OnnxNode(string name, string op, string domain = "")
    {
        Name = name;
        Op = op;
        Domain = domain;
    }

    /// <summary>Unique in the model; starts with the name of the TensorFlow node it stands for.</summary>
    public string Name { get; }

    /// <summary>The operator, such as <c>Conv</c>.</summary>
    public string Op { get; set; }

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; set; }

    /// <summary>The inputs; null where an optional one is left out.</summary>
    public List<OnnxValue?> Inputs { get; } = [];

    /// <summary>The outputs.</summary>
    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>Attributes: long, float, string, long[], float[], string[], <see cref="TensorValue"/> or <see cref="OnnxGraph"/>.</summary>
    public Dictionary<string, object> Attributes { get; } = new(StringComparer.Ordinal);

    public OnnxValue Output => Outputs[0];

    public long Int(string name, long otherwise = 0) => Attributes.TryGetValue(name, out var v) ? (long)v : otherwise;

    public float Float(string name, float otherwise = 0) => Attributes.TryGetValue(name, out var v) ? (float)v : otherwise;

    public long[]? Ints(string name) => Attributes.TryGetValue(name, out var v) ? (long[])v : null;

    public string? Text(string name) => Attributes.TryGetValue(name, out var v) ? (string)v : null;

    /// <summary>The graphs among the attributes.</summary>
    /// <returns>Bodies and branches.</returns>
    public IEnumerable<OnnxGraph> Graphs() => Attributes.Values.OfType<OnnxGraph>();

    /// <inheritdoc/>
    public override string ToString() => $"{Op} '{Name}'";
}
