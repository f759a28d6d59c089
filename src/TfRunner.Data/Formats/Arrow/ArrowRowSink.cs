using System.Text;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace TfRunner.Data.Formats.Arrow;

/// <summary>Writes outputs as an Arrow file (Feather version 2): one value a row as a column of its type, more as a fixed-size list.</summary>
internal sealed class ArrowRowSink : IRowSink
{
    private readonly AtomicFile file;
    private readonly IReadOnlyList<string> names;
    private readonly RowGroups groups;
    private ArrowFileWriter? writer;
    private Schema? schema;
    private long[][]? rowShapes;

    public ArrowRowSink(AtomicFile file, IReadOnlyList<string> names)
    {
        (this.file, this.names) = (file, names);
        groups = new(WriteGroup);
    }

    public void Write(IReadOnlyList<TensorValue> outputs)
    {
        rowShapes ??= [.. outputs.Select(static o => o.Dimensions[1..].ToArray())];
        for (var i = 0; i < outputs.Count; i++)
        {
            if (!outputs[i].Dimensions[1..].SequenceEqual(rowShapes[i]))
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"output '{names[i]}' has rows of different shapes", "write .jsonl");
            }
        }

        groups.Add(outputs);
    }

    private void WriteGroup(TensorValue[] outputs)
    {
        if (writer is null)
        {
            schema = new([.. outputs.Select((o, i) => new Field(names[i], TypeOf(o), nullable: false))], null);
            writer = new(file.Stream, schema, leaveOpen: true);
        }

        var rows = (int)outputs[0].Dimensions[0];
        using var batch = new RecordBatch(schema, outputs.Select((o, i) => Column(o, schema!.GetFieldByIndex(i).DataType, rows)), rows);
        writer.WriteRecordBatch(batch);
    }

    public void Complete()
    {
        groups.Flush();
        writer ??= new(file.Stream, new Schema([.. names.Select(static n => new Field(n, FloatType.Default, false))], null), leaveOpen: true);
        writer.WriteEnd();
        writer.Dispose();
        file.Complete();
    }

    public void Dispose()
    {
        groups.Dispose();
        file.Dispose();
    }

    private static IArrowType TypeOf(TensorValue tensor)
    {
        IArrowType element = tensor.DType switch
        {
            DType.Float16 => HalfFloatType.Default,
            DType.Float32 or DType.BFloat16 => FloatType.Default,
            DType.Float64 => DoubleType.Default,
            DType.Int8 => Int8Type.Default,
            DType.Int16 => Int16Type.Default,
            DType.Int32 => Int32Type.Default,
            DType.Int64 => Int64Type.Default,
            DType.UInt8 => UInt8Type.Default,
            DType.UInt16 => UInt16Type.Default,
            DType.UInt32 => UInt32Type.Default,
            DType.UInt64 => UInt64Type.Default,
            DType.Bool => BooleanType.Default,
            DType.String => System.Array.TrueForAll(tensor.Strings, static s => System.Text.Unicode.Utf8.IsValid(s)) ? StringType.Default : BinaryType.Default,
            _ => throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"Arrow has no {tensor.DType.Name()}", "write .npz or .jsonl"),
        };
        return tensor.Rank == 1 ? element : new FixedSizeListType(new Field("item", element, nullable: false), (int)RowLength(tensor));
    }

    private static long RowLength(TensorValue tensor)
    {
        var length = 1L;
        foreach (var d in tensor.Dimensions[1..])
        {
            length *= d;
        }

        return length;
    }

    private static IArrowArray Column(TensorValue tensor, IArrowType type, int rows) =>
        type is FixedSizeListType list
            ? new FixedSizeListArray(list, rows, Values(tensor, list.ValueDataType), ArrowBuffer.Empty)
            : Values(tensor, type);

    private static IArrowArray Values(TensorValue tensor, IArrowType type)
    {
        var count = (int)tensor.Length;
        switch (tensor.DType)
        {
            case DType.Bool:
                return new BooleanArray.Builder().AppendRange(tensor.AsSpan<bool>().ToArray()).Build();
            case DType.String when type is StringType:
                return new StringArray.Builder().AppendRange(tensor.Strings.Select(Encoding.UTF8.GetString)).Build();
            case DType.String:
                return new BinaryArray.Builder().AppendRange(tensor.Strings).Build();
            case DType.BFloat16:
                return new FloatArray.Builder().AppendRange(tensor.AsSpan<BFloat16>().ToArray().Select(static b => b.ToSingle())).Build();
            default:
                return ArrowArrayFactory.BuildArray(new(type, count, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(tensor.Bytes.ToArray())]));
        }
    }
}
