namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>An op of the inlined graph.</summary>
internal sealed class FlowNode
{
    public FlowNode(string name, string op, NodeAttributes attributes)
    {
        Name = name;
        Op = op;
        Attributes = attributes;
    }

    /// <summary>The node's name, led by the names of the calls it was inlined from; unique within a conversion.</summary>
    public string Name { get; }

    /// <summary>The function of the file whose body the node stands in; null for the main graph.</summary>
    public string? Function { get; init; }

    /// <summary>The op and where it is, for messages.</summary>
    public string Place => Function is null ? $"{Op} '{Name}'" : $"{Op} '{Name}' of function '{Function}'";

    /// <summary>TensorFlow's op, such as <c>AddV2</c>.</summary>
    public string Op { get; }

    /// <summary>The node's attributes.</summary>
    public NodeAttributes Attributes { get; }

    /// <summary>The data inputs.</summary>
    public List<FlowValue> Inputs { get; } = [];

    /// <summary>The outputs.</summary>
    public IReadOnlyList<FlowValue> Outputs { get; set; } = [];

    /// <summary>Graphs that the node runs: condition and body of a loop, branches of a conditional.</summary>
    public IReadOnlyList<FlowGraph> Graphs { get; set; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Op} '{Name}'";
}
