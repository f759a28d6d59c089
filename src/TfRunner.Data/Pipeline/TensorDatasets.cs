using System.Runtime.InteropServices;

namespace TfRunner.Data.Pipeline;

/// <summary>Batches of tensors as tensors.</summary>
public static class TensorDatasets
{
    /// <summary>Stacks the tensors of each batch along a new first dimension.</summary>
    /// <param name="batches">Batches of tensors of one dtype and shape.</param>
    /// <returns>One tensor per batch.</returns>
    public static Dataset<TensorValue> Stack(this Dataset<ElementBatch<TensorValue>> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return batches.Map(static b => Stack(b.Items, padded: false, default), "stack");
    }

    /// <summary>Stacks tensors of one dtype and rank whose dimensions differ: each dimension becomes the batch's largest.</summary>
    /// <param name="batches">Batches of tensors.</param>
    /// <param name="padding">The value that fills up; empty strings in string tensors.</param>
    /// <returns>One tensor per batch.</returns>
    public static Dataset<TensorValue> StackPadded(this Dataset<ElementBatch<TensorValue>> batches, double padding = 0)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return batches.Map(b => Stack(b.Items, padded: true, padding), "stack");
    }

    internal static TensorValue Stack(IReadOnlyList<TensorValue> rows, bool padded, double padding)
    {
        var first = rows[0];
        var dimensions = first.Dimensions.ToArray();
        foreach (var row in rows)
        {
            if (row.DType != first.DType || row.Rank != first.Rank || (!padded && !row.Dimensions.SequenceEqual(first.Dimensions)))
            {
                throw TfRunnerException.ForData(
                    ErrorCode.InvalidArgument,
                    $"{row} cannot be stacked with {first}",
                    padded ? null : "pad the rows, or batch rows of one shape");
            }

            for (var i = 0; i < dimensions.Length; i++)
            {
                dimensions[i] = Math.Max(dimensions[i], row.Dimensions[i]);
            }
        }

        var isEven = rows.All(r => r.Dimensions.SequenceEqual(dimensions));
        var result = isEven ? TensorValue.Allocate(first.DType, [rows.Count, .. dimensions]) : TensorValue.Zeros(first.DType, [rows.Count, .. dimensions]);
        if (!isEven && padded && padding != 0 && !first.IsString)
        {
            Fill(result, padding);
        }

        for (var r = 0; r < rows.Count; r++)
        {
            if (isEven)
            {
                result.CopyRows(rows[r].Reshape([1, .. dimensions]), 0, r, 1);
            }
            else
            {
                CopyInto(rows[r], result, r);
            }
        }

        return result;
    }

    private static void Fill(TensorValue tensor, double padding)
    {
        switch (tensor.DType)
        {
            case DType.Float32: tensor.AsSpan<float>().Fill((float)padding); break;
            case DType.Float64: tensor.AsSpan<double>().Fill(padding); break;
            case DType.Int32: tensor.AsSpan<int>().Fill((int)padding); break;
            case DType.Int64: tensor.AsSpan<long>().Fill((long)padding); break;
            case DType.UInt8: tensor.AsSpan<byte>().Fill((byte)padding); break;
            case DType.Int16: tensor.AsSpan<short>().Fill((short)padding); break;
            case DType.UInt16: tensor.AsSpan<ushort>().Fill((ushort)padding); break;
            case DType.Int8: tensor.AsSpan<sbyte>().Fill((sbyte)padding); break;
            default:
                throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"{tensor.DType.Name()} rows are padded with zeros only");
        }
    }

    private static void CopyInto(TensorValue row, TensorValue target, int at)
    {
        if (row.Length == 0)
        {
            return;
        }

        // Runs of the innermost dimension are whole in both.
        var inner = row.Rank == 0 ? 1 : (int)row.Dimensions[^1];
        var size = row.DType.ElementSize();
        var index = new long[Math.Max(row.Rank - 1, 0)];
        for (var source = 0L; source < row.Length; source += inner)
        {
            var offset = (long)at;
            for (var axis = 0; axis < index.Length; axis++)
            {
                offset = (offset * target.Dimensions[axis + 1]) + index[axis];
            }

            offset *= row.Rank == 0 ? 1 : target.Dimensions[^1];
            if (row.IsString)
            {
                Array.Copy(row.Strings, source, target.Strings, offset, inner);
            }
            else
            {
                unsafe
                {
                    NativeMemory.Copy((byte*)row.Pointer + (source * size), (byte*)target.Pointer + (offset * size), (nuint)(inner * size));
                }
            }

            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == row.Dimensions[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        GC.KeepAlive(row);
        GC.KeepAlive(target);
    }
}
