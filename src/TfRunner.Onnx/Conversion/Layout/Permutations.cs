using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>Orders of axes: axis i of a transposed value is axis p[i] of its source.</summary>
internal static class Permutations
{
    public static long[] Identity(int rank) => [.. Enumerable.Range(0, rank).Select(static i => (long)i)];

    public static bool IsIdentity(long[] permutation) => permutation.Select(static (p, i) => p == i).All(static same => same);

    public static long[] Inverse(long[] permutation)
    {
        var inverse = new long[permutation.Length];
        for (var i = 0; i < inverse.Length; i++)
        {
            inverse[permutation[i]] = i;
        }

        return inverse;
    }

    /// <summary>The order that is left when axes of the transposed value are dropped.</summary>
    /// <param name="permutation">The order.</param>
    /// <param name="axes">The axes to drop, 0 or more.</param>
    /// <returns>The order of the others.</returns>
    public static long[] Without(long[] permutation, long[] axes)
    {
        var kept = permutation.Where((_, i) => !axes.Contains(i)).ToArray();
        return Array.ConvertAll(kept, p => (long)kept.Count(q => q < p));
    }

    /// <summary>Whether only axes of one element change places, so that the elements in memory do not.</summary>
    /// <param name="source">The source's shape; null when unknown.</param>
    /// <param name="permutation">The order.</param>
    /// <returns>True when a reshape does the same.</returns>
    public static bool KeepsOrder(SymbolicShape? source, long[] permutation)
    {
        if (source is null || source.Rank != permutation.Length)
        {
            return false;
        }

        var moving = permutation.Where(p => !(source[(int)p].IsConstant && source[(int)p].Value == 1)).ToList();
        return moving.SequenceEqual(moving.Order());
    }
}
