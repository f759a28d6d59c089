using System.Numerics;

namespace TfRunner.Onnx.Host.Arrays;

/// <summary>Elementwise arithmetic with NumPy's broadcasting, for small tensors: constants, shapes, host parts of a graph.</summary>
internal static class ArrayMath
{
    /// <summary>Applies a function of two operands of the same dtype.</summary>
    /// <param name="op">Such as <c>Add</c>; see the switches.</param>
    /// <param name="a">One operand.</param>
    /// <param name="b">The other.</param>
    /// <returns>The result; null when the op is not known for the dtype.</returns>
    public static TensorValue? Binary(string op, TensorValue a, TensorValue b) => a.DType switch
    {
        DType.Float32 => Floating<float>(op, a, b),
        DType.Float64 => Floating<double>(op, a, b),
        DType.Float16 => Floating<Half>(op, a, b),
        DType.Int8 => Integer<sbyte>(op, a, b),
        DType.Int16 => Integer<short>(op, a, b),
        DType.Int32 => Integer<int>(op, a, b),
        DType.Int64 => Integer<long>(op, a, b),
        DType.UInt8 => Integer<byte>(op, a, b),
        DType.UInt16 => Integer<ushort>(op, a, b),
        DType.UInt32 => Integer<uint>(op, a, b),
        DType.UInt64 => Integer<ulong>(op, a, b),
        DType.Bool => Logical(op, a, b),
        DType.BFloat16 => Through(op, a, b),
        DType.String => Text(op, a, b),
        DType.Complex64 or DType.Complex128 => Complexes(op, a, b),
        _ => null,
    };

    /// <summary>Applies a function of one operand.</summary>
    /// <param name="op">Such as <c>Sqrt</c>; see the switch.</param>
    /// <param name="x">The operand.</param>
    /// <returns>The result; null when the op is not known for the dtype.</returns>
    public static TensorValue? Unary(string op, TensorValue x) => x.DType switch
    {
        DType.Float32 => UnaryFloating<float>(op, x),
        DType.Float64 => UnaryFloating<double>(op, x),
        DType.Int32 => UnaryInteger<int>(op, x),
        DType.Int64 => UnaryInteger<long>(op, x),
        DType.Int8 => UnaryInteger<sbyte>(op, x),
        DType.Int16 => UnaryInteger<short>(op, x),
        DType.Float16 => ThroughUnary(op, x),
        DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64 when op is "Abs" => x.Clone(),
        DType.UInt8 or DType.UInt16 or DType.UInt32 or DType.UInt64 when op is "Square" => Binary("Mul", x, x),
        DType.Complex64 or DType.Complex128 when op is "Neg" or "Square" => ComplexUnary(op, x),
        DType.Bool when op is "Not" => Map<bool, bool>(x, static v => !v),
        DType.BFloat16 => ThroughUnary(op, x),
        _ => null,
    };

    public static TensorValue Zip<T, TResult>(TensorValue a, TensorValue b, Func<T, T, TResult> function)
        where T : unmanaged
        where TResult : unmanaged
    {
        var dims = Strides.Broadcast2(a.Dimensions, b.Dimensions);
        var result = TensorValue.Allocate(DTypes.Of<TResult>(), dims);
        var x = a.AsSpan<T>();
        var y = b.AsSpan<T>();
        var target = result.AsSpan<TResult>();
        if (a.Length == target.Length && b.Length == target.Length)
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = function(x[i], y[i]);
            }

            return result;
        }

        // Positions are worked out for runs over which each operand either goes on or stays.
        var (outer, stepA, stepB) = Runs(a.Dimensions, b.Dimensions, dims);
        var run = (int)Strides.Count(dims.AsSpan(outer));
        var p = Strides.Positions(dims.AsSpan(0, outer), Strides.Broadcast(a.Dimensions, dims).AsSpan(0, outer));
        var q = Strides.Positions(dims.AsSpan(0, outer), Strides.Broadcast(b.Dimensions, dims).AsSpan(0, outer));
        for (var (i, at) = (0, 0); at < target.Length; i++)
        {
            for (var j = 0; j < run; j++)
            {
                target[at++] = function(x[(int)p[i] + (j * stepA)], y[(int)q[i] + (j * stepB)]);
            }
        }

        return result;
    }

    /// <summary>How many axes are left when the last ones, along which operands go on or stay, are taken as one.</summary>
    private static (int Outer, int StepA, int StepB) Runs(ReadOnlySpan<long> a, ReadOnlySpan<long> b, ReadOnlySpan<long> dims)
    {
        var outer = dims.Length;
        var (goesA, staysA, goesB, staysB) = (true, true, true, true);
        for (; outer > 0; outer--)
        {
            var n = dims[outer - 1];
            var (own, other) = (From(a, dims.Length - outer), From(b, dims.Length - outer));
            var next = (goesA && own == n, staysA && own == 1, goesB && other == n, staysB && other == 1);
            if (!(next.Item1 || next.Item2) || !(next.Item3 || next.Item4))
            {
                break;
            }

            (goesA, staysA, goesB, staysB) = next;
        }

        return (outer, goesA ? 1 : 0, goesB ? 1 : 0);

        static long From(ReadOnlySpan<long> operand, int fromEnd) => fromEnd < operand.Length ? operand[^(fromEnd + 1)] : 1;
    }

    public static TensorValue Map<T, TResult>(TensorValue x, Func<T, TResult> function)
        where T : unmanaged
        where TResult : unmanaged
    {
        var result = TensorValue.Allocate(DTypes.Of<TResult>(), x.Dimensions);
        var source = x.AsSpan<T>();
        var target = result.AsSpan<TResult>();
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = function(source[i]);
        }

        return result;
    }

    private static TensorValue? Common<T>(string op, TensorValue a, TensorValue b)
        where T : unmanaged, INumber<T> => op switch
        {
            "Add" => Zip<T, T>(a, b, static (x, y) => unchecked(x + y)),
            "Sub" => Zip<T, T>(a, b, static (x, y) => unchecked(x - y)),
            "Mul" => Zip<T, T>(a, b, static (x, y) => unchecked(x * y)),
            "Max" => Zip<T, T>(a, b, T.Max),
            "Min" => Zip<T, T>(a, b, T.Min),
            "SquaredDifference" => Zip<T, T>(a, b, static (x, y) => unchecked((x - y) * (x - y))),
            "Equal" => Zip<T, bool>(a, b, static (x, y) => x == y),
            "NotEqual" => Zip<T, bool>(a, b, static (x, y) => x != y),
            "Less" => Zip<T, bool>(a, b, static (x, y) => x < y),
            "LessOrEqual" => Zip<T, bool>(a, b, static (x, y) => x <= y),
            "Greater" => Zip<T, bool>(a, b, static (x, y) => x > y),
            "GreaterOrEqual" => Zip<T, bool>(a, b, static (x, y) => x >= y),
            _ => null,
        };

    private static TensorValue? Floating<T>(string op, TensorValue a, TensorValue b)
        where T : unmanaged, IFloatingPointIeee754<T> => op switch
        {
            "Div" => Zip<T, T>(a, b, static (x, y) => x / y),
            "Pow" => Zip<T, T>(a, b, T.Pow),
            "FloorDiv" => Zip<T, T>(a, b, static (x, y) => T.Floor(x / y)),
            "FloorMod" => Zip<T, T>(a, b, static (x, y) => (x % y) is var r && r != T.Zero && ((r < T.Zero) != (y < T.Zero)) ? r + y : r),
            "TruncateMod" => Zip<T, T>(a, b, static (x, y) => x % y),
            "Atan2" => Zip<T, T>(a, b, T.Atan2),
            _ => Common<T>(op, a, b),
        };

    private static TensorValue? Integer<T>(string op, TensorValue a, TensorValue b)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (op is "Div" or "FloorDiv" or "FloorMod" or "TruncateMod" && b.AsSpan<T>().Contains(T.Zero))
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Run, "integer division by zero");
        }

        return op switch
        {
            "Div" => Zip<T, T>(a, b, static (x, y) => x == T.MinValue && y == T.Zero - T.One && T.MinValue < T.Zero ? x : x / y),
            "FloorDiv" => Zip<T, T>(a, b, static (x, y) => T.MinValue < T.Zero && y == T.Zero - T.One ? unchecked(T.Zero - x) : x / y is var q && (x % y) != T.Zero && ((x < T.Zero) != (y < T.Zero)) ? q - T.One : q),
            "FloorMod" => Zip<T, T>(a, b, static (x, y) => T.MinValue < T.Zero && y == T.Zero - T.One ? T.Zero : x % y is var r && r != T.Zero && ((r < T.Zero) != (y < T.Zero)) ? r + y : r),
            "TruncateMod" => Zip<T, T>(a, b, static (x, y) => T.MinValue < T.Zero && y == T.Zero - T.One ? T.Zero : x % y),
            "BitwiseAnd" => Zip<T, T>(a, b, static (x, y) => x & y),
            "BitwiseOr" => Zip<T, T>(a, b, static (x, y) => x | y),
            "BitwiseXor" => Zip<T, T>(a, b, static (x, y) => x ^ y),
            "LeftShift" => Zip<T, T>(a, b, static (x, y) => unchecked(x << Shift(y))),
            "RightShift" => Zip<T, T>(a, b, static (x, y) => x >> Shift(y)),
            "Pow" => Zip<T, T>(a, b, Power),
            _ => Common<T>(op, a, b),
        };
    }

    /// <summary>TensorFlow keeps shifts in range: what is negative is 0, what is too far is the width less one.</summary>
    private static int Shift<T>(T by)
        where T : unmanaged, IBinaryInteger<T> => Math.Clamp(int.CreateSaturating(by), 0, (System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8) - 1);

    private static T Power<T>(T x, T exponent)
        where T : IBinaryInteger<T>
    {
        var result = T.One;
        for (var n = long.CreateTruncating(exponent); n > 0; n >>= 1)
        {
            result = (n & 1) != 0 ? unchecked(result * x) : result;
            x = unchecked(x * x);
        }

        return result;
    }

    private static TensorValue? Logical(string op, TensorValue a, TensorValue b) => op switch
    {
        "And" => Zip<bool, bool>(a, b, static (x, y) => x && y),
        "Or" => Zip<bool, bool>(a, b, static (x, y) => x || y),
        "Xor" or "NotEqual" => Zip<bool, bool>(a, b, static (x, y) => x != y),
        "Equal" => Zip<bool, bool>(a, b, static (x, y) => x == y),
        _ => null,
    };

    private static TensorValue? Text(string op, TensorValue a, TensorValue b)
    {
        if (op is not ("Equal" or "NotEqual" or "Add"))
        {
            return null;
        }

        var dims = Strides.Broadcast2(a.Dimensions, b.Dimensions);
        var p = Strides.Positions(dims, Strides.Broadcast(a.Dimensions, dims));
        var q = Strides.Positions(dims, Strides.Broadcast(b.Dimensions, dims));
        if (op == "Add")
        {
            return TensorValue.FromStrings([.. p.Select((i, n) => (byte[])[.. a.Strings[i], .. b.Strings[q[n]]])], dims);
        }

        var isSame = op == "Equal";
        return TensorValue.From([.. p.Select((i, n) => a.Strings[i].AsSpan().SequenceEqual(b.Strings[q[n]]) == isSame)], dims);
    }

    private static TensorValue? Complexes(string op, TensorValue a, TensorValue b)
    {
        using var x = ArrayCast.Cast(a, DType.Complex128);
        using var y = ArrayCast.Cast(b, DType.Complex128);
        var wide = op switch
        {
            "Add" => Zip<Complex, Complex>(x, y, static (p, q) => p + q),
            "Sub" => Zip<Complex, Complex>(x, y, static (p, q) => p - q),
            "Mul" => Zip<Complex, Complex>(x, y, static (p, q) => p * q),
            "Div" => Zip<Complex, Complex>(x, y, static (p, q) => p / q),
            "Pow" => Zip<Complex, Complex>(x, y, Complex.Pow),
            "SquaredDifference" => Zip<Complex, Complex>(x, y, static (p, q) => Complex.Conjugate(p - q) * (p - q)),
            "Equal" => Zip<Complex, bool>(x, y, static (p, q) => p == q),
            "NotEqual" => Zip<Complex, bool>(x, y, static (p, q) => p != q),
            _ => null,
        };
        return wide is null || wide.DType == DType.Bool ? wide : ArrayCast.Cast(wide, a.DType);
    }

    private static TensorValue ComplexUnary(string op, TensorValue x)
    {
        using var wide = TensorValue.From(Array.ConvertAll(ArrayCast.ToComplex(x), z => op == "Neg" ? -z : z * z), x.Dimensions);
        return ArrayCast.Cast(wide, x.DType);
    }

    private static TensorValue? Through(string op, TensorValue a, TensorValue b)
    {
        using var x = ArrayCast.Cast(a, DType.Float32);
        using var y = ArrayCast.Cast(b, DType.Float32);
        return Narrow(Binary(op, x, y));
    }

    private static TensorValue? ThroughUnary(string op, TensorValue x)
    {
        using var wide = ArrayCast.Cast(x, DType.Float32);
        return Narrow(Unary(op, wide), x.DType);
    }

    private static TensorValue? Narrow(TensorValue? result, DType dtype = DType.BFloat16)
    {
        if (result?.DType != DType.Float32)
        {
            return result;
        }

        using (result)
        {
            return ArrayCast.Cast(result, dtype);
        }
    }

    private static TensorValue? UnaryFloating<T>(string op, TensorValue x)
        where T : unmanaged, IFloatingPointIeee754<T> => op switch
        {
            "Neg" => Map<T, T>(x, static v => -v),
            "Abs" => Map<T, T>(x, T.Abs),
            "Sqrt" => Map<T, T>(x, T.Sqrt),
            "Rsqrt" => Map<T, T>(x, static v => T.One / T.Sqrt(v)),
            "Reciprocal" => Map<T, T>(x, static v => T.One / v),
            "Exp" => Map<T, T>(x, T.Exp),
            "Log" => Map<T, T>(x, T.Log),
            "Log1p" => Map<T, T>(x, T.LogP1),
            "Expm1" => Map<T, T>(x, T.ExpM1),
            "Floor" => Map<T, T>(x, T.Floor),
            "Ceil" => Map<T, T>(x, T.Ceiling),
            "Round" => Map<T, T>(x, static v => T.Round(v, MidpointRounding.ToEven)),
            "Square" => Map<T, T>(x, static v => v * v),
            "Sin" => Map<T, T>(x, T.Sin),
            "Cos" => Map<T, T>(x, T.Cos),
            "Tanh" => Map<T, T>(x, T.Tanh),
            "Sigmoid" => Map<T, T>(x, static v => T.One / (T.One + T.Exp(-v))),
            "Relu" => Map<T, T>(x, static v => v < T.Zero ? T.Zero : v),
            "Sign" => Map<T, T>(x, static v => T.IsNaN(v) ? v : v > T.Zero ? T.One : v < T.Zero ? -T.One : v),
            "IsNaN" => Map<T, bool>(x, T.IsNaN),
            "IsInf" => Map<T, bool>(x, T.IsInfinity),
            _ => null,
        };

    private static TensorValue? UnaryInteger<T>(string op, TensorValue x)
        where T : unmanaged, IBinaryInteger<T>, ISignedNumber<T> => op switch
        {
            "Neg" => Map<T, T>(x, static v => unchecked(-v)),
            "Abs" => Map<T, T>(x, static v => v < T.Zero ? unchecked(-v) : v),
            "Square" => Map<T, T>(x, static v => unchecked(v * v)),
            "Sign" => Map<T, T>(x, static v => v > T.Zero ? T.One : v < T.Zero ? -T.One : T.Zero),
            _ => null,
        };
}
