using System.Text;
using Parquet;
using Parquet.Schema;

namespace TfRunner.Data.Formats.Parquet;

/// <summary>Rows of a Parquet file, one row group in memory at a time. A column holds one value a row, or a list of them.</summary>
public sealed class ParquetRowSource : BlockRowSource
{
    private readonly ParquetReader reader;
    private readonly Stream stream;
    private readonly string path;
    private readonly IReadOnlyList<TensorSpec> inputs;
    private readonly DataField?[] fields;
    private readonly ColumnDefaults defaults;
    private readonly PictureReading pictures;
    private int group;

    private ParquetRowSource(ParquetReader reader, Stream stream, string path, IReadOnlyList<TensorSpec> inputs, PictureReading pictures, ColumnDefaults defaults)
    {
        this.defaults = defaults;
        (this.reader, this.stream, this.path, this.inputs, this.pictures) = (reader, stream, path, inputs, pictures);
        var all = reader.Schema.GetDataFields();
        fields = [.. inputs.Select(i => Find(all, i))];
        IgnoredColumns = [.. reader.Schema.Fields.Select(static f => f.Name).Where(n => !inputs.Any(i => i.Name == n))];
        RowCount = reader.Metadata?.NumRows;
    }

    /// <inheritdoc/>
    public override long? RowCount { get; }

    /// <summary>Opens a file and checks its columns.</summary>
    /// <param name="stream">The file, seekable; disposed with the source.</param>
    /// <param name="path">The file to name in errors.</param>
    /// <param name="inputs">The inputs to read, by name.</param>
    /// <param name="pictures">How columns of encoded pictures are decoded.</param>
    /// <param name="defaults">What stands in for missing columns and values.</param>
    /// <returns>The source.</returns>
    /// <exception cref="TfRunnerException">NotFound when an input has no column; InvalidArgument when it has the wrong type; DataLoss for damaged files.</exception>
    public static ParquetRowSource Open(Stream stream, string path, IReadOnlyList<TensorSpec> inputs, PictureReading? pictures = null, ColumnDefaults? defaults = null)
    {
        try
        {
            var reader = Guard(path, () => ParquetReader.CreateAsync(stream).GetAwaiter().GetResult());
            return new(reader, stream, path, inputs, pictures ?? new(), defaults ?? ColumnDefaults.None);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override TensorValue[]? NextBlock()
    {
        while (group < reader.RowGroupCount)
        {
            using var rows = reader.OpenRowGroupReader(group++);
            if (rows.RowCount > 0)
            {
                return [.. inputs.Select((input, i) => fields[i] is { } field ? Guard(path, () => ReadColumn(rows, input, field)) : defaults.Rows(input, checked((int)rows.RowCount))!)];
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override void Close()
    {
        reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        stream.Dispose();
    }

    private static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not TfRunnerException and not OperationCanceledException and not OutOfMemoryException)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} cannot be read as Parquet: {e.Message}", "the file is damaged, or no Parquet file", e);
        }
    }

    private DataField? Find(DataField[] all, TensorSpec input)
    {
        var field = all.FirstOrDefault(f => f.Path.ToString() == input.Name || f.Path.FirstPart == input.Name);
        defaults.One(input)?.Dispose();
        if (field is null && defaults.Rows(input, 1) is { } standIn)
        {
            standIn.Dispose();
            return null;
        }

        field ??= NoColumn(input);
        var type = Nullable.GetUnderlyingType(field.ClrType) ?? field.ClrType;
        if (IsText(type) || IsBinary(type))
        {
            ColumnTensor.CheckStrings(input, Column(input));
        }
        else
        {
            ColumnTensor.CheckNumbers(input, type == typeof(float) || type == typeof(double) || type == typeof(Half), Column(input));
        }

        return field;
    }

    private DataField NoColumn(TensorSpec input) =>
        throw TfRunnerException.ForData(ErrorCode.NotFound, $"{path} has no column '{input.Name}' (input {input})", $"its columns are: {string.Join(", ", reader.Schema.Fields.Select(static f => f.Name).Take(20))}");

    private string Column(TensorSpec input) => $"{path}, column '{input.Name}'";

    private TensorValue ReadColumn(ParquetRowGroupReader rows, TensorSpec input, DataField field)
    {
        var type = Nullable.GetUnderlyingType(field.ClrType) ?? field.ClrType;
        bool[]? missing = null;
        return Filled(Type.GetTypeCode(type) switch
        {
            TypeCode.Single => Numbers<float>(),
            TypeCode.Double => Numbers<double>(),
            TypeCode.SByte => Numbers<sbyte>(),
            TypeCode.Int16 => Numbers<short>(),
            TypeCode.Int32 => Numbers<int>(),
            TypeCode.Int64 => Numbers<long>(),
            TypeCode.Byte => Numbers<byte>(),
            TypeCode.UInt16 => Numbers<ushort>(),
            TypeCode.UInt32 => Numbers<uint>(),
            TypeCode.UInt64 => Numbers<ulong>(),
            TypeCode.Boolean => Bools(),
            _ when IsText(type) => Strings(),
            _ when IsBinary(type) => Binaries(),
            _ => throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"{Column(input)} holds {type.Name}, which is not read"),
        });

        TensorValue Filled(TensorValue column)
        {
            using var standIn = missing is null ? null : defaults.One(input);
            for (var i = 0; standIn is not null && i < missing!.Length; i++)
            {
                if (missing[i])
                {
                    ColumnDefaults.Fill(column.Reshape(column.Length), standIn, i, 1);
                }
            }

            return column;
        }

        TensorValue Numbers<T>()
            where T : unmanaged, System.Numerics.INumber<T> => ColumnTensor.Of<T>(input, Raw<T>(), (int)rows.RowCount, Column(input));

        TensorValue Bools() =>
            ColumnTensor.Of<byte>(input, System.Runtime.InteropServices.MemoryMarshal.AsBytes<bool>(Raw<bool>()), (int)rows.RowCount, Column(input));

        T[] Raw<T>()
            where T : struct
        {
            var count = (int)(rows.GetMetadata(field)?.MetaData?.NumValues ?? rows.RowCount);
            var values = new T[count];
            var repetition = new int[count];
            var definition = new int[count];
            rows.ReadRawAsync(
                field,
                values.AsMemory(),
                field.MaxDefinitionLevel > 0 ? (Memory<int>?)definition.AsMemory() : null,
                field.MaxRepetitionLevel > 0 ? (Memory<int>?)repetition.AsMemory() : null).AsTask().GetAwaiter().GetResult();
            var isMissing = field.MaxDefinitionLevel > 0 && Array.Exists(definition, d => d < field.MaxDefinitionLevel);
            if (isMissing && field.MaxRepetitionLevel == 0 && defaults.Has(input.Name))
            {
                // What is there lies together at the front.
                missing = Array.ConvertAll(definition, d => d < field.MaxDefinitionLevel);
                var from = missing.Count(static m => !m);
                for (var i = count - 1; i >= 0; i--)
                {
                    values[i] = missing[i] ? default : values[--from];
                }

                return values;
            }

            CheckLevels(repetition, isMissing ? -1 : count);
            return values;
        }

        TensorValue Strings()
        {
            var count = (int)(rows.GetMetadata(field)?.MetaData?.NumValues ?? rows.RowCount);
            var values = new string?[count];
            var levels = new int[count];
            rows.ReadAsync(field, values.AsMemory(), field.MaxRepetitionLevel > 0 ? (Memory<int>?)levels.AsMemory() : null).AsTask().GetAwaiter().GetResult();
            missing = field.MaxRepetitionLevel == 0 && defaults.Has(input.Name) ? Array.ConvertAll(values, static v => v is null) : null;
            CheckLevels(levels, missing is not null || Array.TrueForAll(values, static v => v is not null) ? count : -1);
            return ColumnTensor.Of(input, Array.ConvertAll(values, static v => Encoding.UTF8.GetBytes(v ?? string.Empty)), (int)rows.RowCount, Column(input), pictures);
        }

        TensorValue Binaries()
        {
            var count = (int)(rows.GetMetadata(field)?.MetaData?.NumValues ?? rows.RowCount);
            var values = new byte[]?[count];
            var levels = new int[count];
            rows.ReadAsync(field, values.AsMemory(), field.MaxRepetitionLevel > 0 ? (Memory<int>?)levels.AsMemory() : null).AsTask().GetAwaiter().GetResult();
            CheckLevels(levels, Array.TrueForAll(values, static v => v is not null) ? count : -1);
            return ColumnTensor.Of(input, values!, (int)rows.RowCount, Column(input), pictures);
        }

        void CheckLevels(ReadOnlySpan<int> repetition, int values)
        {
            var starts = repetition.Count(0);
            if (values < 0 || (field.MaxRepetitionLevel == 0 ? values != rows.RowCount : values != repetition.Length))
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{Column(input)} has missing values", "fill them, or give a value with --default");
            }

            if (field.MaxRepetitionLevel > 0 && (starts != rows.RowCount || !Even(repetition, values / (int)rows.RowCount)))
            {
                throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{Column(input)}: rows have different numbers of values", "pad them to one length");
            }
        }
    }

    private static bool IsText(Type type) => type == typeof(string) || type == typeof(ReadOnlyMemory<char>);

    private static bool IsBinary(Type type) => type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>);

    private static bool Even(ReadOnlySpan<int> repetition, int width)
    {
        for (var i = 0; i < repetition.Length; i++)
        {
            if ((repetition[i] == 0) != (i % width == 0))
            {
                return false;
            }
        }

        return true;
    }
}
