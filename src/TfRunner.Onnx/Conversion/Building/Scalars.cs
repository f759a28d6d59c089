namespace TfRunner.Onnx.Conversion.Building;

/// <summary>Makes rank 0 tensors of any numeric dtype.</summary>
internal static class Scalars
{
    public static TensorValue Make(DType dtype, double value) => dtype switch
    {
        DType.Float32 => TensorValue.FromScalar((float)value),
        DType.Float64 => TensorValue.FromScalar(value),
        DType.Int8 => TensorValue.FromScalar((sbyte)value),
        DType.Int16 => TensorValue.FromScalar((short)value),
        DType.Int32 => TensorValue.FromScalar((int)value),
        DType.Int64 => TensorValue.FromScalar((long)value),
        DType.UInt8 => TensorValue.FromScalar((byte)value),
        DType.UInt16 => TensorValue.FromScalar((ushort)value),
        DType.UInt32 => TensorValue.FromScalar((uint)value),
        DType.UInt64 => TensorValue.FromScalar((ulong)value),
        DType.Bool => TensorValue.FromScalar(value != 0),
        DType.Float16 => TensorValue.FromScalar((Half)value),
        DType.BFloat16 => TensorValue.FromScalar((BFloat16)(float)value),
        _ => throw new UnsupportedException($"there are no {dtype.Name()} scalars here"),
    };
}
