using Microsoft.ML.OnnxRuntime.Tensors;

namespace TfRunner.Onnx.Execution;

/// <summary>Element types of ONNX Runtime.</summary>
internal static class OrtTypes
{
    public static TensorElementType Of(DType dtype) => (TensorElementType)Conversion.Building.OnnxTypes.Number(dtype);

    public static DType From(TensorElementType type) => Enum.GetValues<DType>().First(d => Conversion.Building.OnnxTypes.Number(d) == (int)type);
}
