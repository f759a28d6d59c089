using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>
/// A reshape of a transposed value that splits its last axis in two, or makes one of its last two, as done to its source: group
/// normalisation does so with channels, which are not the last axis of the source.
/// </summary>
/// <param name="Target">What the source is reshaped to; -1 at most once.</param>
/// <param name="Permutation">How the result is transposed from the reshaped source.</param>
internal sealed record ChannelReshape(long[] Target, long[] Permutation)
{
    /// <summary>Reads a reshape.</summary>
    /// <param name="source">The source's shape.</param>
    /// <param name="permutation">How the operand is transposed from it.</param>
    /// <param name="result">The result's shape.</param>
    /// <returns>The reshape of the source; null for all others.</returns>
    public static ChannelReshape? Of(SymbolicShape? source, long[] permutation, SymbolicShape? result)
    {
        if (source is null || result is null || source.Rank != permutation.Length)
        {
            return null;
        }

        var rank = source.Rank;
        var kept = Math.Min(rank, result.Rank) - 1;
        var view = permutation.Select(p => source[(int)p]).ToList();
        if (kept < 1 || Math.Abs(rank - result.Rank) != 1 || !view.Take(kept).SequenceEqual(result.Dims.Take(kept))
            || !view.Skip(kept).Concat(result.Dims.Skip(kept)).All(static d => d.IsConstant))
        {
            return null;
        }

        var axis = (int)permutation[kept];
        var splits = result.Rank > rank;
        if (!splits && permutation[kept + 1] != axis + 1)
        {
            return null;
        }

        var shift = splits ? 1 : -1;
        long[] order = [.. permutation.Take(kept).Select(p => p > axis ? p + shift : p), axis, .. splits ? [axis + 1L] : Array.Empty<long>()];
        SymbolicShape reshaped = new([.. source.Dims.Take(axis), .. result.Dims.Skip(kept), .. source.Dims.Skip(axis + (splits ? 1 : 2))]);
        return reshaped.ToTarget() is { } target ? new(target, order) : null;
    }
}
