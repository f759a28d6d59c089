using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>
/// Decodes constants as they stand in a graph: raw little-endian bytes in <c>tensor_content</c>, or values in the field of
/// their type, the last of which is repeated until the shape is full (none means zeros). Source: TensorFlow's tensor.proto.
/// </summary>
internal static class TensorProtoDecoder
{
    /// <summary>The most bytes a constant may take that its file does not hold itself: one repeated value can claim any shape.</summary>
    public const long MaxRepeatedBytes = 1L << 28;

    private const int MaxRank = 254;

    /// <summary>Decodes a constant.</summary>
    /// <param name="proto">The constant.</param>
    /// <param name="what">What it is, for messages, such as <c>node 'Const_1'</c>.</param>
    /// <param name="maxRepeatedBytes">The most bytes to take for values that are repeated.</param>
    /// <returns>The tensor; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">DataLoss for a shape or values that cannot be; Unimplemented for a dtype without values.</exception>
    public static TensorValue Decode(TensorProto proto, string what, long maxRepeatedBytes = MaxRepeatedBytes)
    {
        var dtype = (DType)proto.Dtype;
        if (!dtype.HasValues())
        {
            throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"the constant of {what} has dtype {dtype.Name()}, which has no values outside TensorFlow");
        }

        var dimensions = Dimensions(proto.TensorShape, what, out var count);
        var size = Math.Max(dtype.ElementSize(), 1);
        var given = dtype == DType.String ? proto.StringVal.Count : proto.TensorContent.Length / size;
        if (count > long.MaxValue / size || (count > given && count * size > maxRepeatedBytes && count > ValueCount(proto, dtype)))
        {
            throw TfRunnerException.ForLoad(
                ErrorCode.ResourceExhausted,
                $"the constant of {what} claims shape {TensorShape.Format(dimensions)}, more than the limit for repeated values",
                "the model file may be damaged");
        }

        if (dtype == DType.String)
        {
            return Strings(proto, what, dimensions, count);
        }

        if (proto.TensorContent.Length > 0)
        {
            if (proto.TensorContent.Length != count * size)
            {
                throw TfRunnerException.ForLoad(
                    ErrorCode.DataLoss,
                    FormattableString.Invariant($"the constant of {what} has {proto.TensorContent.Length} bytes for shape {TensorShape.Format(dimensions)}"));
            }

            var raw = TensorValue.Allocate(dtype, dimensions);
            proto.TensorContent.Span.CopyTo(raw.Bytes);
            return raw;
        }

        var tensor = TensorValue.Allocate(dtype, dimensions);
        try
        {
            Fill(proto, dtype, tensor);
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static long[] Dimensions(TensorShapeProto? shape, string what, out long count)
    {
        count = 1;
        var dimensions = new long[Math.Min(shape?.Dim.Count ?? 0, MaxRank + 1)];
        var isPossible = dimensions.Length <= MaxRank && shape?.UnknownRank != true;
        for (var i = 0; isPossible && i < dimensions.Length; i++)
        {
            var d = dimensions[i] = shape!.Dim[i].Size;
            isPossible = d >= 0 && (d == 0 || count <= long.MaxValue / d);
            count = isPossible ? count * d : count;
        }

        return isPossible
            ? dimensions
            : throw TfRunnerException.ForLoad(ErrorCode.DataLoss, $"the constant of {what} has a shape that no tensor can have");
    }

    private static TensorValue Strings(TensorProto proto, string what, long[] dimensions, long count)
    {
        if (count > int.MaxValue)
        {
            throw TfRunnerException.ForLoad(ErrorCode.ResourceExhausted, $"the constant of {what} claims more than 2^31 strings");
        }

        var elements = new byte[count][];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = i < proto.StringVal.Count ? proto.StringVal[i].ToByteArray() : i == 0 ? [] : elements[i - 1];
        }

        return TensorValue.FromStrings(elements, dimensions);
    }

    private static long ValueCount(TensorProto proto, DType dtype) => dtype switch
    {
        DType.Float32 => proto.FloatVal.Count,
        DType.Float64 => proto.DoubleVal.Count,
        DType.Int64 => proto.Int64Val.Count,
        DType.UInt64 => proto.Uint64Val.Count,
        DType.UInt32 => proto.Uint32Val.Count,
        DType.Bool => proto.BoolVal.Count,
        DType.Complex64 => proto.ScomplexVal.Count / 2,
        DType.Complex128 => proto.DcomplexVal.Count / 2,
        DType.Float16 or DType.BFloat16 => proto.HalfVal.Count,
        DType.Float8E5M2 or DType.Float8E4M3FN => proto.Float8Val.Length,
        DType.String => proto.StringVal.Count,
        _ => proto.IntVal.Count,
    };

    private static void Fill(TensorProto proto, DType dtype, TensorValue tensor)
    {
        switch (dtype)
        {
            case DType.Float32: Fill(proto.FloatVal, tensor.AsSpan<float>(), static v => v); break;
            case DType.Float64: Fill(proto.DoubleVal, tensor.AsSpan<double>(), static v => v); break;
            case DType.Int32 or DType.QInt32: Fill(proto.IntVal, tensor.AsSpan<int>(), static v => v); break;
            case DType.UInt8 or DType.QUInt8: Fill(proto.IntVal, tensor.AsSpan<byte>(), static v => (byte)v); break;
            case DType.Int8 or DType.QInt8: Fill(proto.IntVal, tensor.AsSpan<sbyte>(), static v => (sbyte)v); break;
            case DType.Int16 or DType.QInt16: Fill(proto.IntVal, tensor.AsSpan<short>(), static v => (short)v); break;
            case DType.UInt16 or DType.QUInt16: Fill(proto.IntVal, tensor.AsSpan<ushort>(), static v => (ushort)v); break;
            case DType.Float16 or DType.BFloat16: Fill(proto.HalfVal, tensor.AsSpan<ushort>(), static v => (ushort)v); break;
            case DType.Int64: Fill(proto.Int64Val, tensor.AsSpan<long>(), static v => v); break;
            case DType.UInt32: Fill(proto.Uint32Val, tensor.AsSpan<uint>(), static v => v); break;
            case DType.UInt64: Fill(proto.Uint64Val, tensor.AsSpan<ulong>(), static v => v); break;
            case DType.Bool: Fill(proto.BoolVal, tensor.AsSpan<bool>(), static v => v); break;
            case DType.Complex64: FillPairs(proto.ScomplexVal, MemoryMarshal.Cast<Complex64, float>(tensor.AsSpan<Complex64>())); break;
            case DType.Complex128: FillPairs(proto.DcomplexVal, MemoryMarshal.Cast<Complex, double>(tensor.AsSpan<Complex>())); break;
            default: FillBytes(proto.Float8Val.Span, tensor.Bytes); break;
        }
    }

    private static void Fill<TField, TElement>(RepeatedField<TField> values, Span<TElement> target, Func<TField, TElement> convert)
        where TElement : unmanaged
    {
        var count = Math.Min(values.Count, target.Length);
        for (var i = 0; i < count; i++)
        {
            target[i] = convert(values[i]);
        }

        target[count..].Fill(count == 0 ? default : target[count - 1]);
    }

    private static void FillPairs<T>(RepeatedField<T> values, Span<T> target)
        where T : unmanaged
    {
        var count = Math.Min(values.Count / 2 * 2, target.Length);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = i < count ? values[i] : count == 0 ? default : target[i - 2];
        }
    }

    private static void FillBytes(ReadOnlySpan<byte> values, Span<byte> target)
    {
        var count = Math.Min(values.Length, target.Length);
        values[..count].CopyTo(target);
        target[count..].Fill(count == 0 ? (byte)0 : target[count - 1]);
    }
}
