using Google.Protobuf;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>The tensors that columns of examples become.</summary>
internal static class ExampleTensors
{
    /// <summary>Reads the messages of the first input.</summary>
    /// <typeparam name="T">The kind of message.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="parser">Reads one.</param>
    /// <param name="what">What one is, for errors.</param>
    /// <returns>The messages.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when a string is none.</exception>
    public static List<T> Parse<T>(HostCall call, MessageParser<T> parser, string what)
        where T : IMessage<T>
    {
        var rows = new List<T>(call.Tensor(0).Strings.Length);
        foreach (var bytes in call.Tensor(0).Strings)
        {
            try
            {
                rows.Add(parser.ParseFrom(bytes));
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new TfRunnerException(
                    ErrorCode.InvalidArgument,
                    ErrorStage.Run,
                    FormattableString.Invariant($"{call.Op} '{call.Node.Name}': string {rows.Count} is no serialised {what}"),
                    null,
                    e);
            }
        }

        return rows;
    }

    /// <summary>A sparse tensor of a column: indices, values and shape, as outputs among those of all sparse columns.</summary>
    /// <param name="call">The call.</param>
    /// <param name="number">The output that indices go to.</param>
    /// <param name="count">How many sparse columns there are.</param>
    /// <param name="column">The column.</param>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    public static void Sparse(HostCall call, int number, int count, ExampleColumn column, bool isSingle)
    {
        var values = column.Values();
        var width = isSingle ? 1 : 2;
        var indices = new List<long>();
        for (var row = 0; row < column.Counts.Length; row++)
        {
            for (var i = 0; i < column.Counts[row]; i++)
            {
                if (!isSingle)
                {
                    indices.Add(row);
                }

                indices.Add(i);
            }
        }

        long[] shape = isSingle ? [column.MaxCount] : [column.Counts.Length, column.MaxCount];
        call.Output(number, TensorValue.From([.. indices], values.Length, width));
        call.Output(count + number, values);
        call.Output((2 * count) + number, TensorValue.From(shape, width));
    }

    /// <summary>A column in which every row has as many values.</summary>
    /// <param name="call">Named in errors.</param>
    /// <param name="key">Named in errors.</param>
    /// <param name="column">The column.</param>
    /// <param name="shape">A row's shape; a first dimension that is unknown means as many as there are, padded to the longest row.</param>
    /// <param name="otherwise">What rows without the feature have; empty where they may not be.</param>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    /// <returns>The tensor.</returns>
    public static TensorValue Dense(HostCall call, string key, ExampleColumn column, TensorShape shape, TensorValue otherwise, bool isSingle)
    {
        var isVariable = shape.Rank > 0 && shape[0] < 0;
        var rowDims = shape.Dimensions.ToArray();
        var stride = Strides.Count(isVariable ? rowDims.AsSpan(1) : rowDims);
        if (isVariable)
        {
            rowDims[0] = stride == 0 ? 0 : column.MaxCount / stride;
        }

        var perRow = Strides.Count(rowDims);
        using var values = column.Values();
        long[] dims = isSingle ? rowDims : [column.Counts.Length, .. rowDims];
        var result = TensorValue.Zeros(values.DType, dims);
        var from = 0L;
        for (var row = 0; row < column.Counts.Length; row++)
        {
            var count = column.Counts[row];
            var target = row * perRow;
            if (isVariable)
            {
                for (var i = Math.Max(0, count); otherwise.Length == 1 && i < perRow; i++)
                {
                    ArrayMovement.CopyElements(otherwise, 0, result, target + i, 1);
                }
            }
            else if (count < 0)
            {
                if (otherwise.Length == 0 && perRow > 0)
                {
                    result.Dispose();
                    throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"example {row} lacks the feature '{key}', which has no default"));
                }

                ArrayMovement.CopyElements(otherwise, 0, result, target, perRow);
                continue;
            }
            else if (count != perRow)
            {
                result.Dispose();
                throw call.Node.Error(
                    ErrorCode.InvalidArgument,
                    FormattableString.Invariant($"feature '{key}' of example {row} has {count} values, and {perRow} are expected"));
            }

            if (count > 0)
            {
                ArrayMovement.CopyElements(values, from, result, target, count);
                from += count;
            }
        }

        return result;
    }
}
