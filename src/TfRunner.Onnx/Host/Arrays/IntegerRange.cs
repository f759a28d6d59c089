namespace TfRunner.Onnx.Host.Arrays;

/// <summary>The smallest and largest values of integer dtypes, as far as 64 signed bits hold them.</summary>
internal static class IntegerRange
{
    public static (long Low, long High) Of(DType dtype) => dtype switch
    {
        DType.Int8 or DType.QInt8 => (sbyte.MinValue, sbyte.MaxValue),
        DType.UInt8 or DType.QUInt8 => (0, byte.MaxValue),
        DType.Int16 => (short.MinValue, short.MaxValue),
        DType.UInt16 => (0, ushort.MaxValue),
        DType.Int32 or DType.QInt32 => (int.MinValue, int.MaxValue),
        DType.UInt32 => (0, uint.MaxValue),
        DType.UInt64 => (0, long.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };
}
