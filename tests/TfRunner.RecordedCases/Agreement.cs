using System.Numerics;
using System.Text;

namespace TfRunner.RecordedCases;

/// <summary>
/// When two results agree: equal dtypes and shapes; integers, booleans and strings equal; floats within
/// |a - b| &lt;= atol + rtol * |b|, NaN equal to NaN, infinities equal.
/// </summary>
public static class Agreement
{
    /// <summary>What differs; null when the tensors agree.</summary>
    /// <param name="expected">The recorded tensor.</param>
    /// <param name="actual">The tensor to judge.</param>
    /// <param name="rtol">The relative tolerance of floats.</param>
    /// <param name="atol">The absolute tolerance of floats.</param>
    /// <returns>The first difference in words.</returns>
    public static string? Difference(TensorValue expected, TensorValue actual, double rtol, double atol)
    {
        if (expected.DType != actual.DType || !expected.Dimensions.SequenceEqual(actual.Dimensions))
        {
            return $"expected {expected}, got {actual}";
        }

        if (expected.IsString)
        {
            return Strings(expected, actual);
        }

        for (var i = 0; i < expected.Length; i++)
        {
            var (want, got) = (Element(expected, i), Element(actual, i));
            if (!Close(want.Real, got.Real, rtol, atol) || !Close(want.Imaginary, got.Imaginary, rtol, atol))
            {
                return FormattableString.Invariant($"element {i} of {expected}: expected {want}, got {got}");
            }
        }

        // 64-bit integers do not all fit a double.
        return expected.DType.IsInteger() && !expected.Bytes.SequenceEqual(actual.Bytes) ? $"{expected}: the integers differ" : null;
    }

    private static string? Strings(TensorValue expected, TensorValue actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            // The recording's fixed-width strings have lost trailing NULs.
            if (!expected.Strings[i].AsSpan().TrimEnd((byte)0).SequenceEqual(actual.Strings[i].AsSpan().TrimEnd((byte)0)))
            {
                return $"element {i}: expected '{Encoding.UTF8.GetString(expected.Strings[i])}', got '{Encoding.UTF8.GetString(actual.Strings[i])}'";
            }
        }

        return null;
    }

    private static bool Close(double want, double got, double rtol, double atol) =>
        want.Equals(got) || (double.IsFinite(want) && Math.Abs(want - got) <= atol + (rtol * Math.Abs(want)));

    private static Complex Element(TensorValue tensor, int i) => tensor.DType switch
    {
        DType.Float16 => (double)tensor.AsSpan<Half>()[i],
        DType.BFloat16 => tensor.AsSpan<BFloat16>()[i].ToSingle(),
        DType.Float32 => tensor.AsSpan<float>()[i],
        DType.Float64 => tensor.AsSpan<double>()[i],
        DType.Complex64 => new(tensor.AsSpan<Complex64>()[i].Real, tensor.AsSpan<Complex64>()[i].Imaginary),
        DType.Complex128 => tensor.AsSpan<Complex>()[i],
        DType.Bool or DType.UInt8 or DType.QUInt8 => tensor.Bytes[i],
        DType.Int8 or DType.QInt8 => (sbyte)tensor.Bytes[i],
        DType.Int16 => tensor.AsSpan<short>()[i],
        DType.UInt16 => tensor.AsSpan<ushort>()[i],
        DType.Int32 or DType.QInt32 => tensor.AsSpan<int>()[i],
        DType.UInt32 => tensor.AsSpan<uint>()[i],
        DType.Int64 => tensor.AsSpan<long>()[i],
        DType.UInt64 => tensor.AsSpan<ulong>()[i],
        _ => throw new InvalidOperationException($"No rule says when two {tensor.DType.Name()} tensors agree."),
    };
}
