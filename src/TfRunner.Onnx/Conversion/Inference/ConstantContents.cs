using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Inference;

/// <summary>Small integer tensors as dimensions, and back.</summary>
internal static class ConstantContents
{
    private const int MaxLength = 64;

    /// <summary>The elements of a small integer scalar or vector.</summary>
    /// <param name="tensor">Any tensor.</param>
    /// <returns>The elements; null for other tensors.</returns>
    public static IReadOnlyList<Dim>? Of(TensorValue tensor)
    {
        if (tensor.Rank > 1 || tensor.Length > MaxLength)
        {
            return null;
        }

        return tensor.DType switch
        {
            DType.Int32 => Array.ConvertAll(tensor.AsSpan<int>().ToArray(), static v => Dim.Of(v)),
            DType.Int64 => Array.ConvertAll(tensor.AsSpan<long>().ToArray(), static v => Dim.Of(v)),
            _ => null,
        };
    }

    /// <summary>A tensor with the given elements.</summary>
    /// <param name="contents">The elements.</param>
    /// <param name="like">Has the dtype and rank.</param>
    /// <returns>The tensor; null when an element is not a number.</returns>
    public static TensorValue? ToTensor(IReadOnlyList<Dim> contents, OnnxValue like)
    {
        if (!contents.All(static d => d.IsConstant) || like.Rank is not { } rank || (rank == 0) != (contents.Count == 1 && rank == 0))
        {
            return null;
        }

        long[] dims = rank == 0 ? [] : [contents.Count];
        return like.DType switch
        {
            DType.Int32 => TensorValue.From(contents.Select(static d => (int)d.Value).ToArray(), dims),
            DType.Int64 => TensorValue.From(contents.Select(static d => d.Value).ToArray(), dims),
            _ => null,
        };
    }
}
