namespace TfRunner.Data.Formats.Numpy;

/// <summary>Fits a NumPy array to the dtype of an input where that loses nothing that matters and NumPy lacks the dtype itself.</summary>
internal static class ArrayDType
{
    /// <summary>Fits an array.</summary>
    /// <param name="array">The array; taken over.</param>
    /// <param name="wanted">The input's dtype.</param>
    /// <returns>The same array, or a converted one. Another dtype that does not fit is left as it is for the signature's check to name.</returns>
    public static TensorValue Fit(TensorValue array, DType wanted)
    {
        if (array.DType == wanted)
        {
            return array;
        }

        if (wanted is DType.BFloat16 or DType.QInt8 or DType.QUInt8 or DType.QInt16 or DType.QUInt16 or DType.QInt32 or DType.Float8E4M3FN or DType.Float8E5M2
            && array.DType.IsInteger() && array.DType.ElementSize() == wanted.ElementSize())
        {
            return TensorValue.Wrap(wanted, array.Pointer, array.ByteLength, array, array.Dimensions);
        }

        if (wanted == DType.BFloat16 && array.DType == DType.Float32)
        {
            var narrow = TensorValue.Allocate(wanted, array.Dimensions);
            var source = array.AsSpan<float>();
            var target = narrow.AsSpan<BFloat16>();
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = BFloat16.FromSingle(source[i]);
            }

            array.Dispose();
            return narrow;
        }

        return array;
    }
}
