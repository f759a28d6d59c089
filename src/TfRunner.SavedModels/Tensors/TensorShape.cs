using System.Globalization;

namespace TfRunner;

/// <summary>
/// The shape of a tensor or of what a signature accepts. A dimension of -1 is unknown; the rank itself can be unknown.
/// Immutable.
/// </summary>
public sealed class TensorShape : IEquatable<TensorShape>
{
    private readonly long[] dimensions;

    private TensorShape(long[] dimensions, bool rankKnown)
    {
        this.dimensions = dimensions;
        IsRankKnown = rankKnown;
    }

    /// <summary>The shape of which nothing is known.</summary>
    public static TensorShape Unknown { get; } = new([], rankKnown: false);

    /// <summary>The shape of a single value: rank 0.</summary>
    public static TensorShape Scalar { get; } = new([], rankKnown: true);

    /// <summary>Whether the number of dimensions is known.</summary>
    public bool IsRankKnown { get; }

    /// <summary>The number of dimensions; 0 for scalars and for unknown ranks (see <see cref="IsRankKnown"/>).</summary>
    public int Rank => dimensions.Length;

    /// <summary>The dimensions; -1 where one is unknown.</summary>
    public ReadOnlySpan<long> Dimensions => dimensions;

    /// <summary>Whether rank and every dimension are known.</summary>
    public bool IsFullyKnown => IsRankKnown && Array.TrueForAll(dimensions, static d => d >= 0);

    /// <summary>Dimension <paramref name="axis"/>; -1 when unknown.</summary>
    /// <param name="axis">0 to Rank - 1.</param>
    public long this[int axis] => dimensions[axis];

    /// <summary>Makes a shape.</summary>
    /// <param name="dimensions">The dimensions, each 0 or more, or -1 for unknown.</param>
    /// <returns>The shape.</returns>
    public static TensorShape Of(params ReadOnlySpan<long> dimensions)
    {
        foreach (var d in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(d, -1, nameof(dimensions));
        }

        return dimensions.IsEmpty ? Scalar : new(dimensions.ToArray(), rankKnown: true);
    }

    /// <summary>The number of elements.</summary>
    /// <returns>The product of the dimensions; -1 when a dimension or the rank is unknown.</returns>
    /// <exception cref="OverflowException">The product is beyond 2^63 - 1.</exception>
    public long ElementCount()
    {
        if (!IsFullyKnown)
        {
            return -1;
        }

        var count = 1L;
        if (Array.IndexOf(dimensions, 0L) >= 0)
        {
            return 0;
        }

        foreach (var d in dimensions)
        {
            count = checked(count * d);
        }

        return count;
    }

    /// <summary>Whether a tensor of <paramref name="actual"/> shape is accepted where this shape is asked for: unknown dimensions accept any.</summary>
    /// <param name="actual">Dimensions of a tensor, all known.</param>
    /// <returns>Whether it fits.</returns>
    public bool Accepts(ReadOnlySpan<long> actual)
    {
        if (!IsRankKnown)
        {
            return true;
        }

        if (actual.Length != dimensions.Length)
        {
            return false;
        }

        for (var i = 0; i < actual.Length; i++)
        {
            if (dimensions[i] >= 0 && dimensions[i] != actual[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The shape with its first dimension replaced.</summary>
    /// <param name="rows">The new first dimension, or -1.</param>
    /// <returns>The new shape.</returns>
    public TensorShape WithBatch(long rows)
    {
        if (Rank == 0)
        {
            throw new InvalidOperationException("A shape without dimensions has no batch.");
        }

        var copy = (long[])dimensions.Clone();
        copy[0] = rows;
        return Of(copy);
    }

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) =>
        other is not null && IsRankKnown == other.IsRankKnown && dimensions.AsSpan().SequenceEqual(other.dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(IsRankKnown);
        foreach (var d in dimensions)
        {
            hash.Add(d);
        }

        return hash.ToHashCode();
    }

    /// <summary>The shape as text: <c>[2, ?, 3]</c>, <c>[]</c> for scalars, <c>[...]</c> when the rank is unknown.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsRankKnown ? Format(dimensions) : "[...]";

    /// <summary>Dimensions as text, as <see cref="ToString"/> prints them.</summary>
    /// <param name="dimensions">The dimensions.</param>
    /// <returns>The text.</returns>
    public static string Format(ReadOnlySpan<long> dimensions)
    {
        var parts = new string[dimensions.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = dimensions[i] < 0 ? "?" : dimensions[i].ToString(CultureInfo.InvariantCulture);
        }

        return "[" + string.Join(", ", parts) + "]";
    }
}
