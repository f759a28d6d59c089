namespace TfRunner.Data.Formats;

/// <summary>Rows of tensors: slices along the first dimension.</summary>
public static class TensorRows
{
    /// <summary>Copies rows out of a tensor.</summary>
    /// <param name="source">A tensor of rank 1 or more.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>A tensor of its own; the caller disposes it.</returns>
    public static TensorValue Take(TensorValue source, long first, long count)
    {
        ArgumentNullException.ThrowIfNull(source);
        var result = TensorValue.Allocate(source.DType, [count, .. source.Dimensions[1..]]);
        result.CopyRows(source, first, 0, count);
        return result;
    }

    /// <summary>Joins tensors along the first dimension.</summary>
    /// <param name="parts">Tensors of one dtype and row shape; at least one.</param>
    /// <returns>A tensor of its own; the caller disposes it.</returns>
    public static TensorValue Concatenate(IReadOnlyList<TensorValue> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var total = parts.Sum(static p => p.Dimensions[0]);
        var result = TensorValue.Allocate(parts[0].DType, [total, .. parts[0].Dimensions[1..]]);
        var row = 0L;
        foreach (var part in parts)
        {
            result.CopyRows(part, 0, row, part.Dimensions[0]);
            row += part.Dimensions[0];
        }

        return result;
    }
}
