using System.Globalization;
using System.Numerics;
using System.Text;
using TfRunner.Data.Formats.Csv;
using TfRunner.Data.Images;

namespace TfRunner.Data.Formats;

/// <summary>Makes the tensor of an input from the values of a column.</summary>
internal static class ColumnTensor
{
    /// <summary>Numbers, as many a row as the input takes.</summary>
    /// <param name="input">The input.</param>
    /// <param name="values">The values, row after row.</param>
    /// <param name="rows">How many rows they are.</param>
    /// <param name="source">The file and column to name in errors.</param>
    /// <returns>The tensor.</returns>
    public static TensorValue Of<T>(TensorSpec input, ReadOnlySpan<T> values, int rows, string source)
        where T : unmanaged, INumber<T>
    {
        if (KeptColumn.Is(input))
        {
            var texts = new byte[values.Length][];
            for (var i = 0; i < texts.Length; i++)
            {
                texts[i] = Encoding.UTF8.GetBytes(values[i].ToString(null, CultureInfo.InvariantCulture));
            }

            return TensorValue.FromStrings(texts, Shape(input, values.Length, rows, source));
        }

        CheckNumbers(input, !T.IsInteger(T.One / (T.One + T.One)), source);
        var tensor = TensorValue.Allocate(input.DType, Shape(input, values.Length, rows, source));
        switch (input.DType)
        {
            case DType.Float32: Convert(values, tensor.AsSpan<float>()); break;
            case DType.Float64: Convert(values, tensor.AsSpan<double>()); break;
            case DType.Float16: Convert(values, tensor.AsSpan<Half>()); break;
            case DType.Int8: Convert(values, tensor.AsSpan<sbyte>()); break;
            case DType.Int16: Convert(values, tensor.AsSpan<short>()); break;
            case DType.Int32: Convert(values, tensor.AsSpan<int>()); break;
            case DType.Int64: Convert(values, tensor.AsSpan<long>()); break;
            case DType.UInt8: Convert(values, tensor.AsSpan<byte>()); break;
            case DType.UInt16: Convert(values, tensor.AsSpan<ushort>()); break;
            case DType.UInt32: Convert(values, tensor.AsSpan<uint>()); break;
            case DType.UInt64: Convert(values, tensor.AsSpan<ulong>()); break;
            case DType.BFloat16:
                var narrow = tensor.AsSpan<BFloat16>();
                for (var i = 0; i < values.Length; i++)
                {
                    narrow[i] = BFloat16.FromSingle(float.CreateTruncating(values[i]));
                }

                break;
            default:
                var bits = tensor.AsSpan<bool>();
                for (var i = 0; i < values.Length; i++)
                {
                    bits[i] = !T.IsZero(values[i]);
                }

                break;
        }

        return tensor;

        void Convert<TOut>(ReadOnlySpan<T> from, Span<TOut> to)
            where TOut : INumber<TOut>
        {
            for (var i = 0; i < from.Length; i++)
            {
                try
                {
                    to[i] = TOut.CreateChecked(from[i]);
                }
                catch (OverflowException e)
                {
                    throw TfRunnerException.ForData(ErrorCode.OutOfRange, $"{source}: {from[i].ToString(null, CultureInfo.InvariantCulture)} is no {input.DType.Name()}", null, e);
                }
            }
        }
    }

    /// <summary>Byte strings: text, or encoded pictures where the input takes decoded ones.</summary>
    /// <inheritdoc cref="Of{T}(TensorSpec, ReadOnlySpan{T}, int, string)"/>
    public static TensorValue Of(TensorSpec input, byte[][] values, int rows, string source, PictureReading pictures)
    {
        if (input.DType == DType.String)
        {
            return TensorValue.FromStrings(values, Shape(input, values.Length, rows, source));
        }

        CheckStrings(input, source);
        var reader = new PictureReader(pictures.Apply(PictureOptions.For(input)));
        var decoded = values.Select((v, i) => reader.Read(v, FormattableString.Invariant($"{source}, row {i + 1} of its block"))).ToList();
        var stacked = Pipeline.TensorDatasets.Stack(decoded, padded: false, 0);
        decoded.ForEach(static d => d.Dispose());
        return stacked;
    }

    /// <summary>Refuses a column of numbers for an input that does not take them, before any row is read.</summary>
    public static void CheckNumbers(TensorSpec input, bool fractional, string source)
    {
        if (KeptColumn.Is(input))
        {
            return;
        }

        if (input.DType is not (DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16 or DType.Bool) && !input.DType.IsInteger())
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source} holds numbers, input {input} takes {input.DType.Name()}");
        }

        if (fractional && !input.DType.IsFloating())
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source} holds fractions, input {input} takes {input.DType.Name()}", "round the column first");
        }
    }

    /// <summary>Refuses a column of strings for an input that takes numbers and no pictures.</summary>
    public static void CheckStrings(TensorSpec input, string source)
    {
        if (input.DType != DType.String && !(input.Shape.IsRankKnown && input.Shape.Rank == 4))
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source} holds strings, input {input} takes {input.DType.Name()}");
        }
    }

    private static long[] Shape(TensorSpec input, int values, int rows, string source) =>
        values % rows == 0
            ? [rows, .. CsvColumns.RowShapeFor(input, values / rows, source)]
            : throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{source}: rows have different numbers of values", "pad them to one length");
}
