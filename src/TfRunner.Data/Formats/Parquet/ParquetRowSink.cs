using System.Text;
using Parquet;
using Parquet.Schema;

namespace TfRunner.Data.Formats.Parquet;

/// <summary>Writes outputs as Parquet (zstd): one value a row as a column of its type, more as a list; strings as UTF-8, or as binary where the first ones are none.</summary>
internal sealed class ParquetRowSink : IRowSink
{
    private readonly AtomicFile file;
    private readonly IReadOnlyList<string> names;
    private readonly RowGroups groups;
    private ParquetWriter? writer;
    private DataField[] fields = [];
    private long[][]? rowShapes;

    public ParquetRowSink(AtomicFile file, IReadOnlyList<string> names)
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

    public void Complete()
    {
        groups.Flush();
        writer?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        writer = null;
        file.Complete();
    }

    public void Dispose()
    {
        groups.Dispose();
        file.Dispose();
    }

    private void WriteGroup(TensorValue[] columns)
    {
        writer ??= Open(columns);
        using var group = writer.CreateRowGroup();
        for (var i = 0; i < names.Count; i++)
        {
            WriteColumn(group, fields[i], columns[i]);
        }

        group.CompleteValidate();
    }

    private ParquetWriter Open(TensorValue[] first)
    {
        var columns = new List<Field>();
        for (var i = 0; i < names.Count; i++)
        {
            var type = TypeOf(first[i]);
            columns.Add(first[i].Rank == 1
                ? new DataField(names[i], type, isNullable: false)
                : new ListField(names[i], new DataField("element", type, isNullable: false)));
        }

        var schema = new ParquetSchema(columns);
        fields = schema.GetDataFields();
        return ParquetWriter.CreateAsync(schema, file.Stream, new() { CompressionMethod = CompressionMethod.Zstd }).GetAwaiter().GetResult();
    }

    private static Type TypeOf(TensorValue tensor) => tensor.DType switch
    {
        DType.Float16 or DType.BFloat16 or DType.Float32 => typeof(float),
        DType.Float64 => typeof(double),
        DType.Int8 => typeof(sbyte),
        DType.Int16 => typeof(short),
        DType.Int32 => typeof(int),
        DType.Int64 => typeof(long),
        DType.UInt8 => typeof(byte),
        DType.UInt16 => typeof(ushort),
        DType.UInt32 => typeof(uint),
        DType.UInt64 => typeof(ulong),
        DType.Bool => typeof(bool),
        DType.String => Array.TrueForAll(tensor.Strings, static s => System.Text.Unicode.Utf8.IsValid(s)) ? typeof(string) : typeof(byte[]),
        _ => throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"Parquet has no {tensor.DType.Name()}", "write .npz or .jsonl"),
    };

    private static void WriteColumn(ParquetRowGroupWriter group, DataField field, TensorValue column)
    {
        ReadOnlyMemory<int>? repetition = null;
        ReadOnlyMemory<int>? definition = null;
        var width = column.Dimensions[0] == 0 ? 1 : column.Length / column.Dimensions[0];
        if (field.MaxRepetitionLevel > 0)
        {
            var levels = new int[column.Length];
            for (var i = 0; i < levels.Length; i++)
            {
                levels[i] = i % width == 0 ? 0 : 1;
            }

            repetition = levels;
        }

        if (field.MaxDefinitionLevel > 0)
        {
            // Every value is there.
            var levels = new int[column.Length];
            Array.Fill(levels, field.MaxDefinitionLevel);
            definition = levels;
        }

        var writing = column.DType switch
        {
            DType.Float16 => Number(Array.ConvertAll(column.AsSpan<Half>().ToArray(), static h => (float)h)),
            DType.BFloat16 => Number(Array.ConvertAll(column.AsSpan<BFloat16>().ToArray(), static h => h.ToSingle())),
            DType.Float32 => Number(column.AsSpan<float>().ToArray()),
            DType.Float64 => Number(column.AsSpan<double>().ToArray()),
            DType.Int8 => Number(column.AsSpan<sbyte>().ToArray()),
            DType.Int16 => Number(column.AsSpan<short>().ToArray()),
            DType.Int32 => Number(column.AsSpan<int>().ToArray()),
            DType.Int64 => Number(column.AsSpan<long>().ToArray()),
            DType.UInt8 => Number(column.AsSpan<byte>().ToArray()),
            DType.UInt16 => Number(column.AsSpan<ushort>().ToArray()),
            DType.UInt32 => Number(column.AsSpan<uint>().ToArray()),
            DType.UInt64 => Number(column.AsSpan<ulong>().ToArray()),
            DType.Bool => Number(column.AsSpan<bool>().ToArray()),
            _ when field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) => Number(Array.ConvertAll(column.Strings, static s => Encoding.UTF8.GetString(s).AsMemory())),
            _ => Number(Array.ConvertAll(column.Strings, static s => (ReadOnlyMemory<byte>)s)),
        };
        writing.GetAwaiter().GetResult();

        Task Number<T>(T[] values)
            where T : struct => group.WriteAllPartsAsync(field, (ReadOnlyMemory<T>)values, definition, repetition, CancellationToken.None);
    }
}
