namespace TfRunner.Onnx.Conversion.Building;

/// <summary>TensorFlow's dtypes in ONNX.</summary>
internal static class OnnxTypes
{
    /// <summary>
    /// The dtype that carries a TensorFlow dtype inside a converted model. Half precision is carried by float32: ONNX Runtime
    /// has few kernels for it on a CPU, and rounding once at the border is closer to exact than rounding after every op.
    /// </summary>
    /// <param name="dtype">TensorFlow's dtype.</param>
    /// <returns>The dtype of the ONNX value; Invalid where ONNX Runtime has none.</returns>
    public static DType Carrier(DType dtype) => dtype switch
    {
        DType.Float16 or DType.BFloat16 => DType.Float32,
        _ => Number(dtype) == 0 ? DType.Invalid : dtype,
    };

    /// <summary>ONNX's number of a dtype (TensorProto.DataType).</summary>
    /// <param name="dtype">The dtype.</param>
    /// <returns>The number; 0 where ONNX Runtime computes nothing with it.</returns>
    public static int Number(DType dtype) => dtype switch
    {
        DType.Float32 => 1,
        DType.UInt8 => 2,
        DType.Int8 => 3,
        DType.UInt16 => 4,
        DType.Int16 => 5,
        DType.Int32 => 6,
        DType.Int64 => 7,
        DType.String => 8,
        DType.Bool => 9,
        DType.Float16 => 10,
        DType.Float64 => 11,
        DType.UInt32 => 12,
        DType.UInt64 => 13,
        DType.BFloat16 => 16,
        _ => 0,
    };
}
