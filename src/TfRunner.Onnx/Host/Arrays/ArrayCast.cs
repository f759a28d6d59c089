using System.Numerics;
using TfRunner.Onnx.Host.Numerics;

namespace TfRunner.Onnx.Host.Arrays;

/// <summary>Casts as TensorFlow's Cast and C do: floats to integers by truncation, integers to narrower ones by their low bits.</summary>
internal static class ArrayCast
{
    public static TensorValue Cast(TensorValue x, DType dtype)
    {
        if (x.DType == dtype)
        {
            return x.Clone();
        }

        if (x.DType is DType.Complex64 or DType.Complex128 && dtype is DType.Complex64 or DType.Complex128)
        {
            return CastComplex(x, dtype);
        }

        var result = TensorValue.Allocate(dtype, x.Dimensions);
        switch (x.DType)
        {
            case DType.Float32: From(x.AsSpan<float>(), result); break;
            case DType.Float64: From(x.AsSpan<double>(), result); break;
            case DType.Int8 or DType.QInt8: From(Raw<sbyte>(x), result); break;
            case DType.Int16: From(x.AsSpan<short>(), result); break;
            case DType.Int32 or DType.QInt32: From(Raw<int>(x), result); break;
            case DType.Int64: From(x.AsSpan<long>(), result); break;
            case DType.UInt8 or DType.QUInt8: From(Raw<byte>(x), result); break;
            case DType.UInt16: From(x.AsSpan<ushort>(), result); break;
            case DType.UInt32: From(x.AsSpan<uint>(), result); break;
            case DType.UInt64: From(x.AsSpan<ulong>(), result); break;
            case DType.Float16: From(x.AsSpan<Half>(), result); break;
            case DType.BFloat16: From<float>(Array.ConvertAll(x.AsSpan<BFloat16>().ToArray(), static v => (float)v), result); break;
            case DType.Bool: From<byte>(Array.ConvertAll(x.AsSpan<bool>().ToArray(), static v => v ? (byte)1 : (byte)0), result); break;
            case DType.Complex64: From<double>(Array.ConvertAll(x.AsSpan<Complex64>().ToArray(), static v => (double)v.Real), result); break;
            case DType.Complex128: From<double>(Array.ConvertAll(x.AsSpan<Complex>().ToArray(), static v => v.Real), result); break;
            case var small when Float8.Is(small): From<double>(Array.ConvertAll(x.Bytes.ToArray(), b => Float8.Decode(b, small)), result); break;
            default: throw Unsupported(x.DType);
        }

        return result;
    }

    /// <summary>The elements of a tensor of any integer dtype or bool.</summary>
    /// <param name="x">The tensor.</param>
    /// <returns>Its elements, row-major.</returns>
    public static long[] ToLongs(TensorValue x)
    {
        if (x.DType == DType.Int64)
        {
            return x.AsSpan<long>().ToArray();
        }

        using var cast = Cast(x, DType.Int64);
        return cast.AsSpan<long>().ToArray();
    }

    /// <summary>The elements of a numeric tensor.</summary>
    /// <param name="x">The tensor.</param>
    /// <returns>Its elements, row-major.</returns>
    public static double[] ToDoubles(TensorValue x)
    {
        using var cast = Cast(x, DType.Float64);
        return cast.AsSpan<double>().ToArray();
    }

    /// <summary>The elements of a tensor of any numeric dtype.</summary>
    /// <param name="x">The tensor.</param>
    /// <returns>Its elements, row-major.</returns>
    public static Complex[] ToComplex(TensorValue x)
    {
        if (x.DType == DType.Complex64)
        {
            return Array.ConvertAll(x.AsSpan<Complex64>().ToArray(), static z => new Complex(z.Real, z.Imaginary));
        }

        return x.DType == DType.Complex128 ? x.AsSpan<Complex>().ToArray() : Array.ConvertAll(ToDoubles(x), static v => new Complex(v, 0));
    }

    private static TensorValue CastComplex(TensorValue x, DType dtype)
    {
        var values = ToComplex(x);
        return dtype == DType.Complex128
            ? TensorValue.From(values, x.Dimensions)
            : TensorValue.From(Array.ConvertAll(values, static z => new Complex64((float)z.Real, (float)z.Imaginary)), x.Dimensions);
    }

    private static void From<T>(ReadOnlySpan<T> source, TensorValue result)
        where T : unmanaged, INumberBase<T>
    {
        switch (result.DType)
        {
            case DType.Float32: To(source, result.AsSpan<float>()); break;
            case DType.Float64: To(source, result.AsSpan<double>()); break;
            case DType.Int8 or DType.QInt8: ToInteger(source, Raw<sbyte>(result)); break;
            case DType.Int16: ToInteger(source, result.AsSpan<short>()); break;
            case DType.Int32 or DType.QInt32: ToInteger(source, Raw<int>(result)); break;
            case DType.Int64: ToInteger(source, result.AsSpan<long>()); break;
            case DType.UInt8 or DType.QUInt8: ToInteger(source, Raw<byte>(result)); break;
            case DType.UInt16: ToInteger(source, result.AsSpan<ushort>()); break;
            case DType.UInt32: ToInteger(source, result.AsSpan<uint>()); break;
            case DType.UInt64: ToInteger(source, result.AsSpan<ulong>()); break;
            case DType.Float16: To(source, result.AsSpan<Half>()); break;
            case DType.BFloat16: Each(source, result.AsSpan<BFloat16>(), static v => (BFloat16)float.CreateTruncating(v)); break;
            case DType.Bool: Each(source, result.AsSpan<bool>(), static v => v != T.Zero); break;
            case DType.Complex64: Each(source, result.AsSpan<Complex64>(), static v => new Complex64(float.CreateTruncating(v), 0)); break;
            case DType.Complex128: Each(source, result.AsSpan<Complex>(), static v => new Complex(double.CreateTruncating(v), 0)); break;
            case var small when Float8.Is(small): Each(source, result.Bytes, v => Float8.Encode(double.CreateTruncating(v), small)); break;
            default: throw Unsupported(result.DType);
        }
    }

    private static void To<T, TResult>(ReadOnlySpan<T> source, Span<TResult> target)
        where T : unmanaged, INumberBase<T>
        where TResult : unmanaged, INumberBase<TResult>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = TResult.CreateTruncating(source[i]);
        }
    }

    private static void ToInteger<T, TResult>(ReadOnlySpan<T> source, Span<TResult> target)
        where T : unmanaged, INumberBase<T>
        where TResult : unmanaged, INumberBase<TResult>
    {
        if (T.IsInteger(T.One) && typeof(T) != typeof(float) && typeof(T) != typeof(double) && typeof(T) != typeof(Half))
        {
            To(source, target);
            return;
        }

        // x86 gives the smallest integer for what does not fit; narrower targets take its low bits.
        for (var i = 0; i < target.Length; i++)
        {
            var value = double.CreateTruncating(source[i]);
            target[i] = TResult.CreateTruncating(value is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)value : long.MinValue);
        }
    }

    /// <summary>A quantised dtype's elements are those of the integer dtype of its size.</summary>
    private static Span<T> Raw<T>(TensorValue x)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(x.Bytes);

    private static void Each<T, TResult>(ReadOnlySpan<T> source, Span<TResult> target, Func<T, TResult> convert)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = convert(source[i]);
        }
    }

    private static TfRunnerException Unsupported(DType dtype) =>
        new(ErrorCode.Unimplemented, ErrorStage.Run, $"{dtype.Name()} tensors cannot be cast here");
}
