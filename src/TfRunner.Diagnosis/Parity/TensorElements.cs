using System.Numerics;

namespace TfRunner.Diagnosis.Parity;

/// <summary>Reads one element of any numeric tensor as a number.</summary>
internal static class TensorElements
{
    public static Complex Read(TensorValue tensor, long index)
    {
        var i = checked((int)index);
        return tensor.DType switch
        {
            DType.Float16 => (double)tensor.AsSpan<Half>()[i],
            DType.BFloat16 => tensor.AsSpan<BFloat16>()[i].ToSingle(),
            DType.Float32 => tensor.AsSpan<float>()[i],
            DType.Float64 => tensor.AsSpan<double>()[i],
            DType.Complex64 => new(tensor.AsSpan<Complex64>()[i].Real, tensor.AsSpan<Complex64>()[i].Imaginary),
            DType.Complex128 => tensor.AsSpan<Complex>()[i],
            DType.Int8 or DType.QInt8 => (sbyte)tensor.Bytes[i],
            DType.Int16 or DType.QInt16 => tensor.AsSpan<short>()[i],
            DType.UInt16 or DType.QUInt16 => tensor.AsSpan<ushort>()[i],
            DType.Int32 or DType.QInt32 => tensor.AsSpan<int>()[i],
            DType.UInt32 => tensor.AsSpan<uint>()[i],
            DType.Int64 => tensor.AsSpan<long>()[i],
            DType.UInt64 => tensor.AsSpan<ulong>()[i],
            _ => tensor.Bytes[i],
        };
    }
}
