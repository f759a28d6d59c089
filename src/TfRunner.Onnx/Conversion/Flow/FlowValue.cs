namespace TfRunner.Onnx.Conversion.Flow;

/// <summary>One output of a node, or one input of a graph, as TensorFlow computes it.</summary>
internal sealed class FlowValue
{
    public FlowValue(FlowNode? producer, int index, DType dtype, string name)
    {
        Producer = producer;
        Index = index;
        DType = dtype;
        Name = name;
    }

    /// <summary>The node that computes it; null for an input of a graph.</summary>
    public FlowNode? Producer { get; }

    /// <summary>Which output of its producer, or which input of its graph.</summary>
    public int Index { get; }

    /// <summary>TensorFlow's dtype; references to variables have the dtype of what they refer to.</summary>
    public DType DType { get; }

    /// <summary>A name for messages and for the converted model.</summary>
    public string Name { get; }

    /// <summary>What the graph promises about the shape; null where it says nothing.</summary>
    public TensorShape? DeclaredShape { get; set; }

    /// <summary>The value where it is known before any call: constants, weights and what follows from them.</summary>
    public TensorValue? Constant { get; set; }

    /// <summary>What a resource stands for where it is known: a <see cref="Host.HostTable"/>. Variables have a constant instead.</summary>
    public object? Resource { get; set; }

    /// <summary>Whether it is known before any call.</summary>
    public bool IsKnown => Constant is not null || Resource is not null;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType.Name()}";
}
