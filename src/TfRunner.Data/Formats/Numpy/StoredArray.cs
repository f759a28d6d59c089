namespace TfRunner.Data.Formats.Numpy;

/// <summary>An array of which rows can be had, in memory or in a file.</summary>
internal abstract class StoredArray : IDisposable
{
    /// <summary>The element type.</summary>
    public abstract DType DType { get; }

    /// <summary>The dimensions.</summary>
    public abstract IReadOnlyList<long> Dimensions { get; }

    /// <summary>Some rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>A tensor that outlives this array; the caller disposes it.</returns>
    public abstract TensorValue Rows(long first, long count);

    /// <summary>The array as it is, for use while this is open.</summary>
    /// <returns>A tensor, which may share this array's memory; the caller disposes it first.</returns>
    public abstract TensorValue Whole();

    /// <summary>Hands the array over. Nothing else can be asked for afterwards.</summary>
    /// <returns>A tensor that outlives this array; the caller disposes it.</returns>
    public abstract TensorValue Take();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{DType.Name()} {TensorShape.Format([.. Dimensions])}";
}
