using System.Numerics;

namespace TfRunner;

/// <summary>Facts about element types: size, name, and the .NET type that holds one element.</summary>
public static class DTypes
{
    /// <summary>Bytes per element; 0 for strings, resources, variants and unknown types.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>The size in bytes.</returns>
    public static int ElementSize(this DType dtype) => dtype switch
    {
        DType.Float32 or DType.Int32 or DType.QInt32 or DType.UInt32 => 4,
        DType.Float64 or DType.Int64 or DType.UInt64 or DType.Complex64 => 8,
        DType.Complex128 => 16,
        DType.Int16 or DType.UInt16 or DType.Float16 or DType.BFloat16 or DType.QInt16 or DType.QUInt16 => 2,
        DType.UInt8 or DType.Int8 or DType.Bool or DType.QInt8 or DType.QUInt8 or DType.Float8E5M2 or DType.Float8E4M3FN => 1,
        _ => 0,
    };

    /// <summary>The name that TensorFlow's Python API prints, such as <c>float32</c>.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>The name; <c>dtype(n)</c> for numbers that are not known here.</returns>
    public static string Name(this DType dtype) => dtype switch
    {
        DType.Float8E5M2 => "float8_e5m2",
        DType.Float8E4M3FN => "float8_e4m3fn",
        _ when Enum.IsDefined(dtype) => dtype.ToString().ToLowerInvariant(),
        _ => FormattableString.Invariant($"dtype({(int)dtype})"),
    };

    /// <summary>True for types whose values a <see cref="TensorValue"/> can hold: everything but resources, variants and unknown types.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>Whether tensors of it can be made here.</returns>
    public static bool HasValues(this DType dtype) => dtype == DType.String || dtype.ElementSize() > 0;

    /// <summary>True for float16, bfloat16, float32 and float64.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>Whether it is a real floating type.</returns>
    public static bool IsFloating(this DType dtype) => dtype is DType.Float16 or DType.BFloat16 or DType.Float32 or DType.Float64;

    /// <summary>True for signed and unsigned integers of 8 to 64 bits that are not quantised.</summary>
    /// <param name="dtype">The element type.</param>
    /// <returns>Whether it is an integer type.</returns>
    public static bool IsInteger(this DType dtype) => dtype is DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64
        or DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64;

    /// <summary>The element type that <typeparamref name="T"/> holds; <see cref="DType.Invalid"/> when there is none.</summary>
    /// <typeparam name="T">A .NET element type.</typeparam>
    /// <returns>The element type.</returns>
    public static DType Of<T>()
        where T : unmanaged
    {
        return typeof(T) == typeof(float) ? DType.Float32
            : typeof(T) == typeof(double) ? DType.Float64
            : typeof(T) == typeof(int) ? DType.Int32
            : typeof(T) == typeof(long) ? DType.Int64
            : typeof(T) == typeof(byte) ? DType.UInt8
            : typeof(T) == typeof(sbyte) ? DType.Int8
            : typeof(T) == typeof(short) ? DType.Int16
            : typeof(T) == typeof(ushort) ? DType.UInt16
            : typeof(T) == typeof(uint) ? DType.UInt32
            : typeof(T) == typeof(ulong) ? DType.UInt64
            : typeof(T) == typeof(bool) ? DType.Bool
            : typeof(T) == typeof(Half) ? DType.Float16
            : typeof(T) == typeof(BFloat16) ? DType.BFloat16
            : typeof(T) == typeof(Complex64) ? DType.Complex64
            : typeof(T) == typeof(Complex) ? DType.Complex128
            : DType.Invalid;
    }

    /// <summary>Whether memory of <paramref name="dtype"/> may be seen as elements of <typeparamref name="T"/>: the exact type, or the integer that carries its bits.</summary>
    /// <typeparam name="T">A .NET element type.</typeparam>
    /// <param name="dtype">The element type.</param>
    /// <returns>Whether the view is allowed.</returns>
    public static bool CanView<T>(this DType dtype)
        where T : unmanaged
    {
        var exact = Of<T>();
        return exact == dtype || dtype switch
        {
            DType.BFloat16 or DType.Float16 or DType.QUInt16 => typeof(T) == typeof(ushort),
            DType.QInt16 => typeof(T) == typeof(short),
            DType.Bool or DType.QUInt8 or DType.Float8E5M2 or DType.Float8E4M3FN => typeof(T) == typeof(byte),
            DType.QInt8 => typeof(T) == typeof(sbyte),
            DType.QInt32 => typeof(T) == typeof(int),
            _ => false,
        };
    }
}
