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
            [.. Enumerable.Range(2, sparse).Select(i => ExampleTensors.Key(call.Tensor(i).Strings[0]))],
            [.. Enumerable.Range(2 + sparse, dense).Select(i => ExampleTensors.Key(call.Tensor(i).Strings[0]))],
            [],
            2 + sparse + dense);
    }

    /// <summary>ParseExampleV2: serialized (a vector, or a scalar for one example without a batch), names, keys as vectors, dense defaults.</summary>
    private static void ParseExampleV2(HostCall call) =>
        Parse(call, ExampleTensors.Keys(call.Tensor(2)), ExampleTensors.Keys(call.Tensor(3)), ExampleTensors.Keys(call.Tensor(4)), 5);

    /// <summary>ParseSingleExample: one example; keys are attributes.</summary>
    private static void ParseSingleExample(HostCall call) =>
        Parse(call, call.Attributes.Texts("sparse_keys"), call.Attributes.Texts("dense_keys"), [], 1);

    private static void Parse(HostCall call, string[] sparseKeys, string[] denseKeys, string[] raggedKeys, int firstDefault)
    {
        var rows = ExampleTensors.Parse(call, Example.Parser, "tf.Example").ConvertAll(static e => e.Features);
        ExampleTensors.Features(call, string.Empty, rows, sparseKeys, denseKeys, raggedKeys, firstDefault);
    }
}
