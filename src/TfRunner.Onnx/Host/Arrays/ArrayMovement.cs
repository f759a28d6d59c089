namespace TfRunner.Onnx.Host.Arrays;

/// <summary>Moves elements of tensors of any dtype, strings too. Results never share memory with operands.</summary>
internal static unsafe class ArrayMovement
{
    /// <summary>Takes elements by position.</summary>
    /// <param name="x">The source.</param>
    /// <param name="dims">The result's dimensions.</param>
    /// <param name="positions">For every element of the result, its position in the source; -1 leaves zero or the empty string.</param>
    /// <returns>The result.</returns>
    public static TensorValue Take(TensorValue x, ReadOnlySpan<long> dims, ReadOnlySpan<long> positions)
    {
        var result = TensorValue.Zeros(x.DType, dims);
        if (x.IsString)
        {
            for (var i = 0; i < positions.Length; i++)
            {
                result.Strings[i] = positions[i] < 0 ? [] : x.Strings[positions[i]];
            }

            return result;
        }

        switch (x.DType.ElementSize())
        {
            case 1: Take<byte>(x, result, positions); break;
            case 2: Take<ushort>(x, result, positions); break;
            case 4: Take<uint>(x, result, positions); break;
            case 8: Take<ulong>(x, result, positions); break;
            default: Take<UInt128>(x, result, positions); break;
        }

        GC.KeepAlive(x);
        return result;
    }

    public static TensorValue Transpose(TensorValue x, ReadOnlySpan<long> permutation)
    {
        var dims = new long[x.Rank];
        var strides = new long[x.Rank];
        var own = Strides.Of(x.Dimensions);
        for (var i = 0; i < dims.Length; i++)
        {
            dims[i] = x.Dimensions[(int)permutation[i]];
            strides[i] = own[permutation[i]];
        }

        if (x.DType.ElementSize() == 4)
        {
            return TransposeWords(x, dims, strides);
        }

        return Take(x, dims, Strides.Positions(dims, strides));
    }

    /// <summary>Takes every step-th element along each axis.</summary>
    /// <param name="x">The source.</param>
    /// <param name="starts">The first index per axis.</param>
    /// <param name="counts">How many per axis.</param>
    /// <param name="steps">The step per axis; may be negative.</param>
    /// <returns>The result, with the source's rank.</returns>
    public static TensorValue Slice(TensorValue x, ReadOnlySpan<long> starts, ReadOnlySpan<long> counts, ReadOnlySpan<long> steps)
    {
        var own = Strides.Of(x.Dimensions);
        var strides = new long[x.Rank];
        var offset = 0L;
        for (var i = 0; i < strides.Length; i++)
        {
            strides[i] = own[i] * steps[i];
            offset += own[i] * starts[i];
        }

        return Take(x, counts, Strides.Positions(counts, strides, offset));
    }

    public static TensorValue Concat(IReadOnlyList<TensorValue> parts, int axis)
    {
        var dims = parts[0].Dimensions.ToArray();
        axis = axis < 0 ? axis + dims.Length : axis;
        dims[axis] = parts.Sum(p => p.Dimensions[axis]);
        var result = TensorValue.Zeros(parts[0].DType, dims);
        var outer = Strides.Count(dims.AsSpan(0, axis));
        var inner = Strides.Count(dims.AsSpan(axis + 1));
        var offset = 0L;
        foreach (var part in parts)
        {
            var run = part.Dimensions[axis] * inner;
            for (var o = 0L; o < outer; o++)
            {
                CopyElements(part, o * run, result, (o * dims[axis] * inner) + offset, run);
            }

            offset += run;
        }

        return result;
    }

    /// <summary>Takes slices along an axis; TensorFlow's GatherV2 with no batch dimensions.</summary>
    /// <param name="x">The source.</param>
    /// <param name="indices">Indices of any integer dtype, each 0 to the dimension, or negative from the end.</param>
    /// <param name="axis">The axis.</param>
    /// <returns>The result.</returns>
    public static TensorValue Gather(TensorValue x, TensorValue indices, int axis)
    {
        axis = axis < 0 ? axis + x.Rank : axis;
        long[] dims = [.. x.Dimensions[..axis], .. indices.Dimensions, .. x.Dimensions[(axis + 1)..]];
        var result = TensorValue.Zeros(x.DType, dims);
        var wanted = ArrayCast.ToLongs(indices);
        var outer = Strides.Count(x.Dimensions[..axis]);
        var inner = Strides.Count(x.Dimensions[(axis + 1)..]);
        var size = x.Dimensions[axis];
        for (var o = 0L; o < outer; o++)
        {
            for (var i = 0; i < wanted.Length; i++)
            {
                var index = wanted[i] < 0 ? wanted[i] + size : wanted[i];
                if (index < 0 || index >= size)
                {
                    throw new TfRunnerException(
                        ErrorCode.InvalidArgument, ErrorStage.Run, FormattableString.Invariant($"indices[{i}] = {wanted[i]} is not in [0, {size})"));
                }

                CopyElements(x, ((o * size) + index) * inner, result, ((o * wanted.Length) + i) * inner, inner);
            }
        }

        return result;
    }

    /// <summary>Repeats to fill a larger shape.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="dims">The result's dimensions.</param>
    /// <returns>The result.</returns>
    public static TensorValue Broadcast(TensorValue x, ReadOnlySpan<long> dims) => Take(x, dims, Strides.Positions(dims, Strides.Broadcast(x.Dimensions, dims)));

    public static TensorValue Tile(TensorValue x, ReadOnlySpan<long> repeats)
    {
        var result = x.Clone();
        for (var axis = 0; axis < repeats.Length; axis++)
        {
            if (repeats[axis] != 1)
            {
                var dims = result.Dimensions.ToArray();
                dims[axis] *= repeats[axis];
                var next = repeats[axis] == 0 ? TensorValue.Zeros(x.DType, dims) : Concat([.. Enumerable.Repeat(result, checked((int)repeats[axis]))], axis);
                result.Dispose();
                result = next;
            }
        }

        return result;
    }

    /// <summary>A copy under another shape.</summary>
    /// <param name="x">The operand.</param>
    /// <param name="dims">Dimensions with the same product.</param>
    /// <returns>The copy.</returns>
    public static TensorValue Reshape(TensorValue x, ReadOnlySpan<long> dims)
    {
        if (x.IsString)
        {
            return TensorValue.FromStrings((byte[][])x.Strings.Clone(), dims);
        }

        var copy = TensorValue.Allocate(x.DType, dims);
        CopyElements(x, 0, copy, 0, x.Length);
        return copy;
    }

    public static void CopyElements(TensorValue source, long from, TensorValue target, long to, long count)
    {
        if (source.IsString)
        {
            Array.Copy(source.Strings, from, target.Strings, to, count);
            return;
        }

        var size = source.DType.ElementSize();
        Buffer.MemoryCopy((byte*)source.Pointer + (from * size), (byte*)target.Pointer + (to * size), target.ByteLength - (to * size), count * size);
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private static void Take<T>(TensorValue x, TensorValue result, ReadOnlySpan<long> positions)
        where T : unmanaged
    {
        var source = (T*)x.Pointer;
        var target = (T*)result.Pointer;
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] >= 0)
            {
                target[i] = source[positions[i]];
            }
        }
    }

    /// <summary>Weights are large and transposed often; this walks them without a table of positions.</summary>
    private static TensorValue TransposeWords(TensorValue x, long[] dims, long[] strides)
    {
        var result = TensorValue.Allocate(x.DType, dims);
        if (result.Length == 0)
        {
            return result;
        }

        if (dims.Length == 0)
        {
            CopyElements(x, 0, result, 0, 1);
            return result;
        }

        var source = (uint*)x.Pointer;
        var target = (uint*)result.Pointer;
        var inner = dims[^1];
        var step = strides[^1];
        var outer = Strides.Positions(dims.AsSpan(0, dims.Length - 1), strides.AsSpan(0, dims.Length - 1));
        foreach (var start in outer)
        {
            var from = source + start;
            for (var i = 0L; i < inner; i++, from += step)
            {
                *target++ = *from;
            }
        }

        GC.KeepAlive(x);
        return result;
    }
}
