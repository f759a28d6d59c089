namespace TfRunner.Onnx.Conversion.Shapes;

/// <summary>A shape of known rank whose dimensions may be symbols.</summary>
internal sealed class SymbolicShape
{
    private readonly Dim[] dims;

    public SymbolicShape(params IEnumerable<Dim> dims) => this.dims = [.. dims];

    public static SymbolicShape Scalar { get; } = new();

    public int Rank => dims.Length;

    public IReadOnlyList<Dim> Dims => dims;

    public bool IsKnown => Array.TrueForAll(dims, static d => d.IsConstant);

    /// <summary>The number of elements.</summary>
    public Dim Count => dims.Aggregate(Dim.Of(1), static (a, b) => a * b);

    /// <summary>A dimension; negative numbers count from the end.</summary>
    /// <param name="axis">-Rank to Rank - 1.</param>
    public Dim this[int axis] => dims[axis < 0 ? axis + dims.Length : axis];

    public static SymbolicShape Of(ReadOnlySpan<long> dimensions)
    {
        var dims = new Dim[dimensions.Length];
        for (var i = 0; i < dims.Length; i++)
        {
            dims[i] = dimensions[i] < 0 ? Dim.Unknown() : Dim.Of(dimensions[i]);
        }

        return new(dims);
    }

    /// <summary>What a graph says about a shape, unknown dimensions as new symbols.</summary>
    /// <param name="shape">The shape, or null.</param>
    /// <returns>The shape; null for an unknown rank.</returns>
    public static SymbolicShape? Of(TensorShape? shape) => shape is { IsRankKnown: true } ? Of(shape.Dimensions) : null;

    /// <summary>The shape of an elementwise result, by NumPy's rule.</summary>
    /// <param name="a">One operand; null when unknown.</param>
    /// <param name="b">The other.</param>
    /// <returns>The shape; null when unknown.</returns>
    public static SymbolicShape? Broadcast(SymbolicShape? a, SymbolicShape? b)
    {
        if (a is null || b is null)
        {
            return null;
        }

        var rank = Math.Max(a.Rank, b.Rank);
        var dims = new Dim[rank];
        for (var i = 1; i <= rank; i++)
        {
            var x = i <= a.Rank ? a[-i] : Dim.Of(1);
            var y = i <= b.Rank ? b[-i] : Dim.Of(1);
            dims[^i] = x == y || (y.IsConstant && y.Value == 1) ? x
                : x.IsConstant && x.Value == 1 ? y
                : x.IsConstant ? x // The other is equal or one.
                : y.IsConstant ? y
                : Dim.Unknown();
        }

        return new(dims);
    }

    public SymbolicShape With(int axis, Dim dim)
    {
        var copy = (Dim[])dims.Clone();
        copy[axis < 0 ? axis + dims.Length : axis] = dim;
        return new(copy);
    }

    /// <summary>Whether another shape has the same dimensions, symbols too.</summary>
    /// <param name="other">The other; null when unknown.</param>
    /// <returns>True when it surely has.</returns>
    public bool SameAs(SymbolicShape? other) => other is not null && dims.AsSpan().SequenceEqual(other.dims);

    /// <summary>The dimensions as numbers, -1 where they are symbols.</summary>
    /// <returns>One number per dimension.</returns>
    public long[] ToNumbers() => [.. dims.Select(static d => d.IsConstant ? d.Value : -1)];

    /// <summary>The dimensions as Reshape takes them, -1 for the one that is not known.</summary>
    /// <returns>One number per dimension; null where more than one is not known, or one is 0, which would mean another thing.</returns>
    public long[]? ToTarget() => dims.Count(static d => !d.IsConstant) > 1 || Array.Exists(dims, static d => d.IsConstant && d.Value <= 0) ? null : ToNumbers();

    /// <inheritdoc/>
    public override string ToString() => "[" + string.Join(", ", dims.Select(static d => d.ToString())) + "]";
}
