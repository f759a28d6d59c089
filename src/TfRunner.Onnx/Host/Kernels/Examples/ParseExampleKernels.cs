using System.Text;
using Google.Protobuf;
using TfRunner.Onnx.Host.Arrays;
using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>Serialised tf.Example messages as dense, sparse and ragged tensors.</summary>
internal sealed class ParseExampleKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(ParseExample, "ParseExample");
        registry.Add(ParseExampleV2, "ParseExampleV2");
        registry.Add(ParseSingleExample, "ParseSingleExample");
    }

    /// <summary>ParseExample: serialized, names, one scalar key per sparse and dense feature, dense defaults.</summary>
    private static void ParseExample(HostCall call)
    {
        var sparse = (int)call.Attributes.Int("Nsparse");
        var dense = (int)call.Attributes.Int("Ndense");
        Parse(
            call,
            [.. Enumerable.Range(2, sparse).Select(i => Text(call.Tensor(i).Strings[0]))],
            [.. Enumerable.Range(2 + sparse, dense).Select(i => Text(call.Tensor(i).Strings[0]))],
            [],
            2 + sparse + dense);
    }

    /// <summary>ParseExampleV2: serialized (a vector, or a scalar for one example without a batch), names, keys as vectors, dense defaults.</summary>
    private static void ParseExampleV2(HostCall call) =>
        Parse(call, Texts(call.Tensor(2)), Texts(call.Tensor(3)), Texts(call.Tensor(4)), 5);

    /// <summary>ParseSingleExample: one example; keys are attributes.</summary>
    private static void ParseSingleExample(HostCall call) =>
        Parse(call, call.Attributes.Texts("sparse_keys"), call.Attributes.Texts("dense_keys"), [], 1);

    private static void Parse(HostCall call, string[] sparseKeys, string[] denseKeys, string[] raggedKeys, int firstDefault)
    {
        var serialized = call.Tensor(0);
        var isSingle = serialized.Rank == 0;
        var rows = new List<Example>(serialized.Strings.Length);
        foreach (var bytes in serialized.Strings)
        {
            try
            {
                rows.Add(Example.Parser.ParseFrom(bytes));
            }
            catch (InvalidProtocolBufferException e)
            {
                throw new TfRunnerException(
                    ErrorCode.InvalidArgument,
                    ErrorStage.Run,
                    FormattableString.Invariant($"{call.Op} '{call.Node.Name}': string {rows.Count} is no serialised tf.Example"),
                    null,
                    e);
            }
        }

        var sparseTypes = call.Attributes.DTypes("sparse_types");
        for (var i = 0; i < sparseKeys.Length; i++)
        {
            Sparse(call, i, sparseKeys.Length, new(call.Node, sparseKeys[i], sparseTypes[i], rows), isSingle);
        }

        var denseTypes = call.Attributes.DTypes("Tdense");
        var shapes = call.Attributes.Shapes("dense_shapes");
        for (var i = 0; i < denseKeys.Length; i++)
        {
            var column = new ExampleColumn(call.Node, denseKeys[i], denseTypes[i], rows);
            call.Output((3 * sparseKeys.Length) + i, Dense(call, denseKeys[i], column, shapes[i], call.Tensor(firstDefault + i), isSingle));
        }

        var raggedTypes = call.Attributes.DTypes("ragged_value_types");
        var splitTypes = call.Attributes.DTypes("ragged_split_types");
        var first = (3 * sparseKeys.Length) + denseKeys.Length;
        for (var i = 0; i < raggedKeys.Length; i++)
        {
            var column = new ExampleColumn(call.Node, raggedKeys[i], raggedTypes[i], rows);
            call.Output(first + i, column.Values());
            var splits = new long[rows.Count + 1];
            for (var row = 0; row < rows.Count; row++)
            {
                splits[row + 1] = splits[row] + Math.Max(0, column.Counts[row]);
            }

            using var wide = TensorValue.From(splits, splits.Length);
            call.Output(first + raggedKeys.Length + i, ArrayCast.Cast(wide, splitTypes[i]));
        }
    }

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

    private static TensorValue Dense(HostCall call, string key, ExampleColumn column, TensorShape shape, TensorValue otherwise, bool isSingle)
    {
        // A first dimension that is unknown means as many as there are, padded to the longest row.
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

    private static string[] Texts(TensorValue keys) => Array.ConvertAll(keys.Strings, Text);

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
