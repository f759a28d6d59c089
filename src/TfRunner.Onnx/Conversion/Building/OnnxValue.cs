using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Building;

/// <summary>A value of the ONNX graph, with all that is known of it.</summary>
internal sealed class OnnxValue
{
    public OnnxValue(string name, DType dtype, SymbolicShape? shape)
    {
        Name = name;
        DType = dtype;
        Shape = shape;
    }

    /// <summary>Unique in the model.</summary>
    public string Name { get; set; }

    /// <summary>The dtype in ONNX: float32 where TensorFlow has float16 or bfloat16.</summary>
    public DType DType { get; }

    /// <summary>The shape; null when the rank is unknown.</summary>
    public SymbolicShape? Shape { get; set; }

    /// <summary>The value where it is known; large ones stay views of the mapped checkpoint.</summary>
    public TensorValue? Constant { get; set; }

    /// <summary>The elements of an integer scalar or vector in terms of dimensions; null when unknown. Set for constants, too.</summary>
    public IReadOnlyList<Dim>? Contents { get; set; }

    /// <summary>The node that computes it; null for inputs and constants.</summary>
    public OnnxNode? Producer { get; set; }

    /// <summary>For a list whose elements are not set yet: how many it has. Such a value has no place in a graph.</summary>
    public OnnxValue? ReservedCount { get; set; }

    /// <summary>For a reserved list inside a loop: elements that are set become the iteration's scan output.</summary>
    public bool CollectsItems { get; init; }

    public int? Rank => Shape?.Rank;

    public bool IsConstant => Constant is not null;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {DType.Name()} {Shape?.ToString() ?? "[...]"}";
}
