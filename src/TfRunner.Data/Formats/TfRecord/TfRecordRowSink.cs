using System.Buffers.Binary;
using Google.Protobuf;

namespace TfRunner.Data.Formats.TfRecord;

/// <summary>Writes each row as a tf.Example with a feature per output: floats, integers, or strings.</summary>
internal sealed class TfRecordRowSink(AtomicFile file, IReadOnlyList<string> names) : IRowSink
{
    private readonly BufferedStream stream = new(file.Stream, 1 << 16);

    public void Write(IReadOnlyList<TensorValue> outputs)
    {
        for (var row = 0; row < outputs[0].Dimensions[0]; row++)
        {
            var features = new MemoryStream();
            using (var writer = new CodedOutputStream(features, leaveOpen: true))
            {
                for (var i = 0; i < outputs.Count; i++)
                {
                    writer.WriteRawTag((1 << 3) | 2);
                    writer.WriteBytes(Entry(names[i], outputs[i], row));
                }
            }

            WriteRecord(stream, Message(1, ByteString.CopyFrom(features.ToArray())).Span);
        }
    }

    public void Complete()
    {
        stream.Flush();
        file.Complete();
    }

    public void Dispose() => file.Dispose();

    /// <summary>Writes a record with its length and checksums.</summary>
    public static void WriteRecord(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(header, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedCrc.Of(header[..8]));
        stream.Write(header);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32LittleEndian(header, MaskedCrc.Of(data));
        stream.Write(header[..4]);
    }

    private static ByteString Message(int field, ByteString content)
    {
        var stream = new MemoryStream();
        using (var writer = new CodedOutputStream(stream, leaveOpen: true))
        {
            writer.WriteTag(field, WireFormat.WireType.LengthDelimited);
            writer.WriteBytes(content);
        }

        return ByteString.CopyFrom(stream.ToArray());
    }

    private static ByteString Entry(string name, TensorValue tensor, int row)
    {
        var width = (int)(tensor.Length / tensor.Dimensions[0]);
        var list = new MemoryStream();
        var kind = tensor.IsString ? 1 : tensor.DType.IsFloating() ? 2 : 3;
        using (var writer = new CodedOutputStream(list, leaveOpen: true))
        {
            for (var k = row * width; k < (row + 1) * width; k++)
            {
                writer.WriteTag(1, kind switch { 1 => WireFormat.WireType.LengthDelimited, 2 => WireFormat.WireType.Fixed32, _ => WireFormat.WireType.Varint });
                switch (kind)
                {
                    case 1:
                        writer.WriteBytes(ByteString.CopyFrom(tensor.Strings[k]));
                        break;
                    case 2:
                        writer.WriteFloat(Float(tensor, k));
                        break;
                    default:
                        writer.WriteInt64(Integer(tensor, k));
                        break;
                }
            }
        }

        var entry = new MemoryStream();
        using (var writer = new CodedOutputStream(entry, leaveOpen: true))
        {
            writer.WriteTag(1, WireFormat.WireType.LengthDelimited);
            writer.WriteString(name);
            writer.WriteTag(2, WireFormat.WireType.LengthDelimited);
            writer.WriteBytes(Message(kind, ByteString.CopyFrom(list.ToArray())));
        }

        return ByteString.CopyFrom(entry.ToArray());
    }

    private static float Float(TensorValue tensor, int index) => tensor.DType switch
    {
        DType.Float32 => tensor.AsSpan<float>()[index],
        DType.Float64 => (float)tensor.AsSpan<double>()[index],
        DType.Float16 => (float)tensor.AsSpan<Half>()[index],
        _ => tensor.AsSpan<BFloat16>()[index].ToSingle(),
    };

    private static long Integer(TensorValue tensor, int index) => tensor.DType switch
    {
        DType.Int8 => tensor.AsSpan<sbyte>()[index],
        DType.Int16 => tensor.AsSpan<short>()[index],
        DType.Int32 => tensor.AsSpan<int>()[index],
        DType.Int64 => tensor.AsSpan<long>()[index],
        DType.UInt8 or DType.Bool => tensor.Bytes[index],
        DType.UInt16 => tensor.AsSpan<ushort>()[index],
        DType.UInt32 => tensor.AsSpan<uint>()[index],
        DType.UInt64 => unchecked((long)tensor.AsSpan<ulong>()[index]),
        _ => throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"tf.Example has no {tensor.DType.Name()}", "write .npz or .jsonl"),
    };
}
