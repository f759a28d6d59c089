using System.Globalization;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Conversion.Storage;

/// <summary>
/// ONNX's external data: large constants, one after the other in one file. ONNX Runtime maps it into memory. A constant
/// that several graphs use is written once.
/// </summary>
internal sealed unsafe class WeightsFile : IDisposable
{
    private const int Alignment = 64;
    private const long MinBytes = 1024;
    private const int Chunk = 1 << 30;

    private readonly string name;
    private readonly FileStream stream;
    private readonly Dictionary<TensorValue, long> offsets = [];

    /// <summary>Creates the file.</summary>
    /// <param name="path">Its path; the models that refer to it stand in the same folder.</param>
    public WeightsFile(string path)
    {
        name = Path.GetFileName(path);
        stream = File.Create(path);
    }

    public long Length => stream.Length;

    /// <summary>Writes a constant.</summary>
    /// <param name="value">A constant.</param>
    /// <returns>The initialiser that refers to it; null for small ones and strings, which stay in the model.</returns>
    public TensorProto? Add(OnnxValue value)
    {
        var tensor = value.Constant!;
        if (tensor.IsString || tensor.ByteLength < MinBytes)
        {
            return null;
        }

        if (!offsets.TryGetValue(tensor, out var offset))
        {
            offset = (stream.Position + Alignment - 1) / Alignment * Alignment;
            stream.SetLength(Math.Max(stream.Length, offset));
            stream.Position = offset;
            for (var done = 0L; done < tensor.ByteLength; done += Chunk)
            {
                stream.Write(new ReadOnlySpan<byte>((byte*)tensor.Pointer + done, (int)Math.Min(Chunk, tensor.ByteLength - done)));
            }

            offsets.Add(tensor, offset);
            tensor.Unload();
            GC.KeepAlive(tensor);
        }

        var proto = new TensorProto { Name = value.Name, DataType = OnnxTypes.Number(tensor.DType), DataLocation = TensorProto.Types.DataLocation.External };
        proto.Dims.AddRange(tensor.Dimensions.ToArray());
        proto.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = name });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        proto.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = tensor.ByteLength.ToString(CultureInfo.InvariantCulture) });
        return proto;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
