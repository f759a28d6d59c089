using Microsoft.ML.OnnxRuntime.Tensors;

namespace TfRunner.Onnx.Execution;

/// <summary>Element types of ONNX Runtime.</summary>
internal static class OrtTypes
{
    private static readonly DType[] ByNumber = Numbered();

    public static TensorElementType Of(DType dtype) => (TensorElementType)Conversion.Building.OnnxTypes.Number(dtype);

    public static DType From(TensorElementType type) => ByNumber[(int)type];

    private static DType[] Numbered()
    {
        var table = new DType[Enum.GetValues<TensorElementType>().Max(static t => (int)t) + 1];
        foreach (var dtype in Enum.GetValues<DType>())
        {
            if (Conversion.Building.OnnxTypes.Number(dtype) is var number and > 0)
            {
                table[number] = dtype;
            }
        }

        return table;
    }
}
