using System.Text;
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
        var rows = ExampleTensors.Parse(call, Example.Parser, "tf.Example").ConvertAll(static e => e.Features);
        var sparseTypes = call.Attributes.DTypes("sparse_types");
        for (var i = 0; i < sparseKeys.Length; i++)
        {
            ExampleTensors.Sparse(call, i, sparseKeys.Length, ExampleColumn.Of(call.Node, sparseKeys[i], sparseTypes[i], rows), isSingle);
        }

        var denseTypes = call.Attributes.DTypes("Tdense");
        var shapes = call.Attributes.Shapes("dense_shapes");
        for (var i = 0; i < denseKeys.Length; i++)
        {
            var column = ExampleColumn.Of(call.Node, denseKeys[i], denseTypes[i], rows);
            call.Output((3 * sparseKeys.Length) + i, ExampleTensors.Dense(call, denseKeys[i], column, shapes[i], call.Tensor(firstDefault + i), isSingle));
        }

        var raggedTypes = call.Attributes.DTypes("ragged_value_types");
        var splitTypes = call.Attributes.DTypes("ragged_split_types");
        var first = (3 * sparseKeys.Length) + denseKeys.Length;
        for (var i = 0; i < raggedKeys.Length; i++)
        {
            var column = ExampleColumn.Of(call.Node, raggedKeys[i], raggedTypes[i], rows);
            call.Output(first + i, column.Values());
            call.Output(first + raggedKeys.Length + i, column.Splits(splitTypes[i]));
        }
    }

    private static string[] Texts(TensorValue keys) => Array.ConvertAll(keys.Strings, Text);

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
