namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>The converters by TensorFlow op.</summary>
internal sealed class OperatorRegistry
{
    private readonly Dictionary<string, Action<OperatorContext>> converters = new(StringComparer.Ordinal);

    private OperatorRegistry()
    {
        IOperatorFamily[] families =
        [
            new ActivationOperators(),
            new ArithmeticOperators(),
            new ConvolutionOperators(),
            new LoopOperators(),
            new MatrixOperators(),
            new RandomOperators(),
            new ReductionOperators(),
            new ShapeOperators(),
            new SelectionOperators(),
            new StridedSliceOperators(),
            new MathOperators(),
            new NormalizationOperators(),
            new ResizeOperators(),
            new TransposedConvolutionOperators(),
            new RearrangementOperators(),
            new IndexingOperators(),
            new TableOperators(),
        ];
        foreach (var family in families)
        {
            family.Register(this);
        }
    }

    /// <summary>All converters.</summary>
    public static OperatorRegistry Default { get; } = new();

    /// <summary>The ops that have a converter.</summary>
    public IReadOnlyCollection<string> Ops => converters.Keys;

    /// <summary>Registers a converter; a later family's takes the place of an earlier one's.</summary>
    /// <param name="convert">Reads the op's inputs and attributes, emits nodes and sets every output.
    /// Throws <see cref="UnsupportedException"/> with the reason when this node cannot be written in ONNX.</param>
    /// <param name="ops">The TensorFlow ops it converts.</param>
    public void Add(Action<OperatorContext> convert, params ReadOnlySpan<string> ops)
    {
        foreach (var op in ops)
        {
            converters[op] = convert;
        }
    }

    /// <summary>Finds a converter.</summary>
    /// <param name="op">The TensorFlow op.</param>
    /// <returns>The converter, or null.</returns>
    public Action<OperatorContext>? Find(string op) => converters.GetValueOrDefault(op);
}
