namespace TfRunner.Onnx.Host.Arrays;

/// <summary>Row-major positions of elements.</summary>
internal static class Strides
{
    /// <summary>How far apart neighbours along each axis are, in elements.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <returns>One stride per axis.</returns>
    public static long[] Of(ReadOnlySpan<long> dims)
    {
        var strides = new long[dims.Length];
        var step = 1L;
        for (var i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }

        return strides;
    }

    /// <summary>The number of elements.</summary>
    /// <param name="dims">The dimensions.</param>
    /// <returns>Their product.</returns>
    public static long Count(ReadOnlySpan<long> dims)
    {
        var count = 1L;
        foreach (var d in dims)
        {
            count *= d;
        }

        return count;
    }

    /// <summary>The strides of an operand that is repeated to fill a result; 0 along repeated axes.</summary>
    /// <param name="dims">The operand's dimensions.</param>
    /// <param name="result">The result's dimensions.</param>
    /// <returns>One stride per axis of the result.</returns>
    public static long[] Broadcast(ReadOnlySpan<long> dims, ReadOnlySpan<long> result)
    {
        var own = Of(dims);
        var strides = new long[result.Length];
        for (var i = 0; i < dims.Length; i++)
        {
            strides[result.Length - dims.Length + i] = dims[i] == 1 ? 0 : own[i];
        }

        return strides;
    }

    /// <summary>The dimensions of an elementwise result.</summary>
    /// <param name="a">One operand's.</param>
    /// <param name="b">The other's.</param>
    /// <returns>The result's.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when they do not fit.</exception>
    public static long[] Broadcast2(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        var dims = new long[Math.Max(a.Length, b.Length)];
        for (var i = 1; i <= dims.Length; i++)
        {
            var (x, y) = (i <= a.Length ? a[^i] : 1, i <= b.Length ? b[^i] : 1);
            dims[^i] = x == y || y == 1 ? x
                : x == 1 ? y
                : throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Run, $"shapes {TensorShape.Format(a)} and {TensorShape.Format(b)} do not fit each other");
        }

        return dims;
    }

    /// <summary>For every element of a result, where it comes from.</summary>
    /// <param name="dims">The result's dimensions.</param>
    /// <param name="strides">The source's stride along each axis of the result; may be 0 or negative.</param>
    /// <param name="offset">The source of the first element.</param>
    /// <returns>One source position per element.</returns>
    public static long[] Positions(ReadOnlySpan<long> dims, ReadOnlySpan<long> strides, long offset = 0)
    {
        var positions = new long[Count(dims)];
        if (positions.Length == 0)
        {
            return positions;
        }

        var index = new long[dims.Length];
        var position = offset;
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = position;
            for (var axis = dims.Length - 1; axis >= 0; axis--)
            {
                position += strides[axis];
                if (++index[axis] < dims[axis])
                {
                    break;
                }

                position -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }

        return positions;
    }
}
