using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;
using TfRunner.Data.Formats.Arrow;

namespace TfRunner.Data.Formats;

/// <summary>The columns of Parquet and Arrow files as inputs that read them as they are.</summary>
internal static class FileColumns
{
    /// <summary>Looks a file's columns up.</summary>
    /// <param name="path">A <c>.parquet</c>, <c>.arrow</c> or <c>.feather</c> file.</param>
    /// <returns>One spec per column, in order: one value a row, or as many as the file has.</returns>
    public static IReadOnlyList<TensorSpec> Of(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase) ? OfParquet(stream) : OfArrow(stream);
        }
        catch (Exception e) when (e is not TfRunnerException and not OutOfMemoryException)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{path} cannot be read: {e.Message}", "the file is damaged", e);
        }
    }

    private static List<TensorSpec> OfParquet(Stream stream)
    {
        var reader = ParquetReader.CreateAsync(stream).GetAwaiter().GetResult();
        try
        {
            return [.. reader.Schema.GetDataFields().Select(static f => Spec(
                f.Path.FirstPart!,
                Type.GetTypeCode(f.ClrType) switch
                {
                    TypeCode.Single => DType.Float32,
                    TypeCode.Double => DType.Float64,
                    TypeCode.SByte => DType.Int8,
                    TypeCode.Int16 => DType.Int16,
                    TypeCode.Int32 => DType.Int32,
                    TypeCode.Int64 => DType.Int64,
                    TypeCode.Byte => DType.UInt8,
                    TypeCode.UInt16 => DType.UInt16,
                    TypeCode.UInt32 => DType.UInt32,
                    TypeCode.UInt64 => DType.UInt64,
                    TypeCode.Boolean => DType.Bool,
                    _ => DType.String,
                },
                f.MaxRepetitionLevel > 0))];
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static List<TensorSpec> OfArrow(Stream stream)
    {
        using var reader = new ArrowFileReader(stream, leaveOpen: true);
        return [.. ArrowRowSource.SchemaOf(reader).FieldsList.Select(static f =>
        {
            var element = f.DataType is FixedSizeListType list ? list.ValueDataType : f.DataType;
            return Spec(
                f.Name,
                element.TypeId switch
                {
                    ArrowTypeId.HalfFloat => DType.Float16,
                    ArrowTypeId.Float => DType.Float32,
                    ArrowTypeId.Double => DType.Float64,
                    ArrowTypeId.Int8 => DType.Int8,
                    ArrowTypeId.Int16 => DType.Int16,
                    ArrowTypeId.Int32 => DType.Int32,
                    ArrowTypeId.Int64 => DType.Int64,
                    ArrowTypeId.UInt8 => DType.UInt8,
                    ArrowTypeId.UInt16 => DType.UInt16,
                    ArrowTypeId.UInt32 => DType.UInt32,
                    ArrowTypeId.UInt64 => DType.UInt64,
                    ArrowTypeId.Boolean => DType.Bool,
                    _ => DType.String,
                },
                !ReferenceEquals(element, f.DataType));
        })];
    }

    private static TensorSpec Spec(string name, DType dtype, bool isList) => new(name, dtype, isList ? TensorShape.Of(-1, -1) : TensorShape.Of(-1), string.Empty);
}
