using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;

namespace TfRunner.Data.Formats.Arrow;

/// <summary>Rows of an Arrow file (Feather version 2) or stream, one record batch in memory at a time.</summary>
public sealed class ArrowRowSource : BlockRowSource
{
    private readonly ArrowStreamReader reader;
    private readonly string path;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly int[] columns;
    private readonly PictureReading pictures;
    private readonly ColumnDefaults defaults;

    private ArrowRowSource(ArrowStreamReader reader, string path, IReadOnlyList<TensorSpec> inputs, PictureReading pictures, ColumnDefaults defaults)
    {
        this.defaults = defaults;
        (this.reader, this.path, this.inputs, this.pictures) = (reader, path, inputs, pictures);
        var schema = Guard(() => reader is ArrowFileReader file ? SchemaOf(file) : reader.GetSchema().AsTask().GetAwaiter().GetResult());
        columns = [.. inputs.Select(i => Find(schema, i))];
        IgnoredColumns = [.. schema.FieldsList.Select(static f => f.Name).Where(n => !inputs.Any(i => i.Name == n))];
    }

    /// <summary>Opens a file or stream and checks its columns.</summary>
    /// <param name="stream">The bytes; a file must be seekable; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="isStream">Whether it is the streaming format (<c>.arrows</c>) rather than the file format.</param>
    /// <param name="pictures">How columns of encoded pictures are decoded.</param>
    /// <param name="defaults">What stands in for missing columns and values.</param>
    /// <returns>The source.</returns>
    /// <exception cref="TfRunnerException">NotFound when an input has no column; InvalidArgument when it has the wrong type; DataLoss for damaged files.</exception>
    public static ArrowRowSource Open(Stream stream, string path, IReadOnlyList<TensorSpec> inputs, bool isStream = false, PictureReading? pictures = null, ColumnDefaults? defaults = null)
    {
        ArrowStreamReader? reader = null;
        try
        {
            reader = isStream ? new ArrowStreamReader(stream, new CompressionCodecFactory()) : new ArrowFileReader(stream, new CompressionCodecFactory());
            return new(reader, path, inputs, pictures ?? new(), defaults ?? ColumnDefaults.None);
        }
        catch
        {
            reader?.Dispose();
            stream?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override TensorValue[]? NextBlock()
    {
        while (Guard(reader.ReadNextRecordBatch) is { } batch)
        {
            using (batch)
            {
                if (batch.Length > 0)
                {
                    return [.. inputs.Select((input, i) => columns[i] < 0 ? defaults.Rows(input, batch.Length)! : Guard(() => Filled(batch.Column(columns[i]), input, batch.Length)))];
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override void Close() => reader.Dispose();

    // The file reader learns its schema with the first batch.
    internal static Schema SchemaOf(ArrowFileReader file)
    {
        _ = file.RecordBatchCountAsync().AsTask().GetAwaiter().GetResult();
        return file.Schema;
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not TfRunnerException and not OperationCanceledException and not OutOfMemoryException)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} cannot be read as Arrow: {e.Message}", "the file is damaged, or no Arrow file", e);
        }
    }

    private int Find(Schema schema, TensorSpec input)
    {
        var index = schema.GetFieldIndex(input.Name);
        defaults.One(input)?.Dispose();
        if (index < 0 && defaults.Rows(input, 1) is { } standIn)
        {
            standIn.Dispose();
            return -1;
        }

        if (index < 0)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"{path} has no column '{input.Name}' (input {input})", $"its columns are: {string.Join(", ", schema.FieldsList.Select(static f => f.Name).Take(20))}");
        }

        var type = schema.GetFieldByIndex(index).DataType;
        type = type is ListType list ? list.ValueDataType : type is FixedSizeListType fixedList ? fixedList.ValueDataType : type;
        if (type.TypeId is ArrowTypeId.String or ArrowTypeId.Binary or ArrowTypeId.LargeString or ArrowTypeId.LargeBinary)
        {
            ColumnTensor.CheckStrings(input, Column(input));
        }
        else
        {
            ColumnTensor.CheckNumbers(input, type is FloatingPointType, Column(input));
        }

        return index;
    }

    private string Column(TensorSpec input) => $"{path}, column '{input.Name}'";

    private TensorValue Filled(IArrowArray array, TensorSpec input, int rows)
    {
        using var standIn = array.NullCount > 0 && array is not (ListArray or FixedSizeListArray) ? defaults.One(input) : null;
        if (standIn is null)
        {
            return Convert(array, input, rows);
        }

        var column = Convert(array, input, rows, mayLack: true);
        for (var i = 0; i < rows; i++)
        {
            if (array.IsNull(i))
            {
                ColumnDefaults.Fill(column.Reshape(column.Length), standIn, i, 1);
            }
        }

        return column;
    }

    private TensorValue Convert(IArrowArray array, TensorSpec input, int rows, bool mayLack = false)
    {
        if (array.NullCount > 0 && !mayLack)
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{Column(input)} has missing values", "fill them, or give a value with --default");
        }

        switch (array)
        {
            case ListArray list:
                var width = list.GetValueLength(0);
                for (var i = 1; i < rows; i++)
                {
                    if (list.GetValueLength(i) != width)
                    {
                        throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{Column(input)}: rows have different numbers of values", "pad them to one length");
                    }
                }

                return Convert(ArrowArrayFactory.Slice(list.Values, list.ValueOffsets[0], width * rows), input, rows);
            case FixedSizeListArray even:
                var size = ((FixedSizeListType)even.Data.DataType).ListSize;
                return Convert(ArrowArrayFactory.Slice(even.Values, even.Offset * size, size * rows), input, rows);
            case FloatArray a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case DoubleArray a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case HalfFloatArray a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case Int8Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case Int16Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case Int32Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case Int64Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case UInt8Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case UInt16Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case UInt32Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case UInt64Array a: return ColumnTensor.Of(input, a.Values, rows, Column(input));
            case BooleanArray a: return ColumnTensor.Of<byte>(input, Enumerable.Range(0, a.Length).Select(i => a.GetValue(i) ?? false ? (byte)1 : (byte)0).ToArray(), rows, Column(input));
            case StringArray a: return ColumnTensor.Of(input, Enumerable.Range(0, a.Length).Select(i => Encoding.UTF8.GetBytes(a.GetString(i) ?? string.Empty)).ToArray(), rows, Column(input), pictures);
            case BinaryArray a: return ColumnTensor.Of(input, Enumerable.Range(0, a.Length).Select(i => a.GetBytes(i).ToArray()).ToArray(), rows, Column(input), pictures);
            default:
                throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"{Column(input)} holds {array.Data.DataType.Name}, which is not read");
        }
    }
}
