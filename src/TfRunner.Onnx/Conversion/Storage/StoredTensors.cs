using Google.Protobuf;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Conversion.Storage;

/// <summary>Tensors of any dtype as messages.</summary>
internal static class StoredTensors
{
    public static StoredTensor Write(TensorValue tensor)
    {
        var stored = new StoredTensor { Dtype = (int)tensor.DType };
        stored.Dims.AddRange(tensor.Dimensions.ToArray());
        if (tensor.IsString)
        {
            stored.Strings.AddRange(tensor.Strings.Select(static s => UnsafeByteOperations.UnsafeWrap(s)));
        }
        else
        {
            stored.Data = ByteString.CopyFrom(tensor.Bytes);
        }

        return stored;
    }

    public static TensorValue Read(StoredTensor stored)
    {
        var dtype = (DType)stored.Dtype;
        if (dtype == DType.String)
        {
            return TensorValue.FromStrings([.. stored.Strings.Select(static s => s.ToByteArray())], [.. stored.Dims]);
        }

        var tensor = TensorValue.Allocate(dtype, [.. stored.Dims]);
        stored.Data.Span.CopyTo(tensor.Bytes);
        return tensor;
    }
}
