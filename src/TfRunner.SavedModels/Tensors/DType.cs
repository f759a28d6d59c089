namespace TfRunner;

/// <summary>Element types of tensors. The numbers are those of TensorFlow's DataType.</summary>
public enum DType
{
    /// <summary>Not known or not set.</summary>
    Invalid = 0,

    /// <summary>IEEE 754 binary32, <see cref="float"/>.</summary>
    Float32 = 1,

    /// <summary>IEEE 754 binary64, <see cref="double"/>.</summary>
    Float64 = 2,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 3,

    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 4,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 5,

    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 6,

    /// <summary>Byte strings of any length.</summary>
    String = 7,

    /// <summary>Two binary32, <see cref="TfRunner.Complex64"/>.</summary>
    Complex64 = 8,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 9,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 10,

    /// <summary>Quantised signed 8-bit integer.</summary>
    QInt8 = 11,

    /// <summary>Quantised unsigned 8-bit integer.</summary>
    QUInt8 = 12,

    /// <summary>Quantised signed 32-bit integer.</summary>
    QInt32 = 13,

    /// <summary>The upper half of a binary32, <see cref="TfRunner.BFloat16"/>.</summary>
    BFloat16 = 14,

    /// <summary>Quantised signed 16-bit integer.</summary>
    QInt16 = 15,

    /// <summary>Quantised unsigned 16-bit integer.</summary>
    QUInt16 = 16,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 17,

    /// <summary>Two binary64, <see cref="System.Numerics.Complex"/>.</summary>
    Complex128 = 18,

    /// <summary>IEEE 754 binary16, <see cref="System.Half"/>.</summary>
    Float16 = 19,

    /// <summary>A handle to a variable, table or other resource; has no values of its own.</summary>
    Resource = 20,

    /// <summary>Any value, for example a tensor list; has no values of its own.</summary>
    Variant = 21,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 22,

    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 23,

    /// <summary>8-bit float with 5 exponent bits, as raw bytes.</summary>
    Float8E5M2 = 24,

    /// <summary>8-bit float with 4 exponent bits, as raw bytes.</summary>
    Float8E4M3FN = 25,
}
