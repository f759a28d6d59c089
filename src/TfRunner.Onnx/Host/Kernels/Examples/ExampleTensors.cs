using System.Text;
using Google.Protobuf;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Protos;

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

    /// <summary>The names of features.</summary>
    /// <param name="keys">A string tensor.</param>
    /// <returns>One per element.</returns>
    public static string[] Keys(TensorValue keys) => Array.ConvertAll(keys.Strings, Key);

    /// <summary>The name of a feature.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <returns>The name.</returns>
    public static string Key(byte[] utf8) => Encoding.UTF8.GetString(utf8);

    /// <summary>
    /// Sets the first outputs: indices, values and shapes of the sparse features, the dense ones, values and splits of the ragged
    /// ones. Their types and shapes are attributes.
    /// </summary>
    /// <param name="call">The call; without a batch where its first input is a scalar.</param>
    /// <param name="prefix">What the attributes' names begin with: nothing, or <c>context_</c>.</param>
    /// <param name="rows">The features of each row.</param>
    /// <param name="sparse">The sparse ones' names.</param>
    /// <param name="dense">The dense ones' names.</param>
    /// <param name="ragged">The ragged ones' names.</param>
    /// <param name="firstDefault">The input that holds the first dense one's default.</param>
    /// <returns>The first output that was not set.</returns>
    public static int Features(HostCall call, string prefix, List<Features> rows, string[] sparse, string[] dense, string[] ragged, int firstDefault)
    {
        var isSingle = call.Tensor(0).Rank == 0;
        var sparseTypes = call.Attributes.DTypes(prefix + "sparse_types");
        for (var i = 0; i < sparse.Length; i++)
        {
            Sparse(call, i, sparse.Length, ExampleColumn.Of(call.Node, sparse[i], sparseTypes[i], rows), isSingle);
        }

        var next = 3 * sparse.Length;
        var denseTypes = call.Attributes.DTypes($"T{prefix}dense");
        var shapes = call.Attributes.Shapes(prefix + "dense_shapes");
        for (var i = 0; i < dense.Length; i++)
        {
            var column = ExampleColumn.Of(call.Node, dense[i], denseTypes[i], rows);
            call.Output(next++, Dense(call, dense[i], column, shapes[i], call.Tensor(firstDefault + i), isSingle));
        }

        var (valueTypes, splitTypes) = (call.Attributes.DTypes(prefix + "ragged_value_types"), call.Attributes.DTypes(prefix + "ragged_split_types"));
        for (var i = 0; i < ragged.Length; i++)
        {
            var column = ExampleColumn.Of(call.Node, ragged[i], valueTypes[i], rows);
            call.Output(next + i, column.Values());
            call.Output(next + ragged.Length + i, column.Splits(splitTypes[i]));
        }

        return next + (2 * ragged.Length);
    }

    /// <summary>A sparse tensor of a column: indices, values and shape, as outputs among those of all sparse columns.</summary>
    /// <param name="call">The call.</param>
    /// <param name="number">The output that indices go to.</param>
    /// <param name="count">How many sparse columns there are.</param>
    /// <param name="column">The column.</param>
    /// <param name="isSingle">Whether there is one row and no batch dimension.</param>
    private static void Sparse(HostCall call, int number, int count, ExampleColumn column, bool isSingle)
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
    private static TensorValue Dense(HostCall call, string key, ExampleColumn column, TensorShape shape, TensorValue otherwise, bool isSingle)
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
