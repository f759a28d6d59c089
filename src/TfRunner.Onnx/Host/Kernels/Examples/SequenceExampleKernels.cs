using TfRunner.Onnx.Protos;

namespace TfRunner.Onnx.Host.Kernels.Examples;

/// <summary>Serialised tf.SequenceExample messages: a context, which is a row of features, and lists of features by step.</summary>
internal sealed class SequenceExampleKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Second, "ParseSequenceExampleV2");
        registry.Add(First, "ParseSequenceExample");
        registry.Add(Single, "ParseSingleSequenceExample");
    }

    /// <summary>
    /// ParseSequenceExampleV2: serialized (a vector, or a scalar without a batch), names, keys of the context's sparse, dense
    /// and ragged features and of the sparse, dense and ragged lists, which dense lists may be missing, context defaults.
    /// </summary>
    private static void Second(HostCall call)
    {
        var next = Context(call, ExampleTensors.Keys(call.Tensor(2)), ExampleTensors.Keys(call.Tensor(3)), ExampleTensors.Keys(call.Tensor(4)), 9, out var rows);
        var isSingle = call.Tensor(0).Rank == 0;
        var dense = ExampleTensors.Keys(call.Tensor(6));
        var mayBeMissing = call.Tensor(8).AsSpan<bool>().ToArray();
        next = SparseLists(call, ExampleTensors.Keys(call.Tensor(5)), rows, isSingle, next);
        next = DenseLists(call, dense, rows, Enumerable.Range(0, dense.Length).Select(i => i < mayBeMissing.Length && mayBeMissing[i]), isSingle, withLengths: true, next);
        RaggedLists(call, ExampleTensors.Keys(call.Tensor(7)), rows, next);
    }

    /// <summary>ParseSequenceExample: serialized, names, context defaults; keys are attributes.</summary>
    private static void First(HostCall call)
    {
        var attributes = call.Attributes;
        var next = Context(call, attributes.Texts("context_sparse_keys"), attributes.Texts("context_dense_keys"), [], 2, out var rows);
        var dense = attributes.Texts("feature_list_dense_keys");
        var mayBeMissing = attributes.Texts("feature_list_dense_missing_assumed_empty");
        next = SparseLists(call, attributes.Texts("feature_list_sparse_keys"), rows, isSingle: false, next);
        DenseLists(call, dense, rows, dense.Select(mayBeMissing.Contains), isSingle: false, withLengths: true, next);
    }

    /// <summary>ParseSingleSequenceExample: one sequence, which lists may be missing, keys as scalars, context defaults, a name.</summary>
    private static void Single(HostCall call)
    {
        var at = 2;
        var mayBeMissing = ExampleTensors.Keys(call.Tensor(1));
        var (contextSparse, contextDense) = (Keys("Ncontext_sparse"), Keys("Ncontext_dense"));
        var (sparse, dense) = (Keys("Nfeature_list_sparse"), Keys("Nfeature_list_dense"));
        var next = Context(call, contextSparse, contextDense, [], at, out var rows);
        next = SparseLists(call, sparse, rows, isSingle: true, next);
        DenseLists(call, dense, rows, dense.Select(mayBeMissing.Contains), isSingle: true, withLengths: false, next);

        string[] Keys(string count)
        {
            var keys = Enumerable.Range(at, (int)call.Attributes.Int(count)).Select(i => ExampleTensors.Key(call.Tensor(i).Strings[0])).ToArray();
            at += keys.Length;
            return keys;
        }
    }

    /// <summary>Sets the outputs of the context: sparse indices, values and shapes, dense values, ragged values and splits.</summary>
    private static int Context(HostCall call, string[] sparse, string[] dense, string[] ragged, int firstDefault, out List<SequenceExample> rows)
    {
        rows = ExampleTensors.Parse(call, SequenceExample.Parser, "tf.SequenceExample");
        return ExampleTensors.Features(call, "context_", rows.ConvertAll(static r => r.Context), sparse, dense, ragged, firstDefault);
    }

    private static int SparseLists(HostCall call, string[] keys, List<SequenceExample> rows, bool isSingle, int next)
    {
        var types = call.Attributes.DTypes("feature_list_sparse_types");
        for (var i = 0; i < keys.Length; i++)
        {
            var column = new SequenceColumn(call.Node, keys[i], types[i], rows, mayBeMissing: true);
            call.Output(next + i, column.Indices(isSingle));
            call.Output(next + keys.Length + i, column.Values());
            call.Output(next + (2 * keys.Length) + i, column.SparseShape(isSingle));
        }

        return next + (3 * keys.Length);
    }

    private static int DenseLists(HostCall call, string[] keys, List<SequenceExample> rows, IEnumerable<bool> mayBeMissing, bool isSingle, bool withLengths, int next)
    {
        var types = call.Attributes.DTypes("feature_list_dense_types");
        var shapes = call.Attributes.Shapes("feature_list_dense_shapes");
        foreach (var (i, missing) in mayBeMissing.Index())
        {
            var column = new SequenceColumn(call.Node, keys[i], types[i], rows, missing);
            call.Output(next + i, column.Dense(shapes[i], isSingle));
            if (withLengths)
            {
                call.Output(next + keys.Length + i, column.Lengths(isSingle));
            }
        }

        return next + ((withLengths ? 2 : 1) * keys.Length);
    }

    private static void RaggedLists(HostCall call, string[] keys, List<SequenceExample> rows, int next)
    {
        var (valueTypes, splitTypes) = (call.Attributes.DTypes("feature_list_ragged_value_types"), call.Attributes.DTypes("feature_list_ragged_split_types"));
        for (var i = 0; i < keys.Length; i++)
        {
            var column = new SequenceColumn(call.Node, keys[i], valueTypes[i], rows, mayBeMissing: true);
            call.Output(next + i, column.Values());
            call.Output(next + keys.Length + i, column.OuterSplits(splitTypes[i]));
            call.Output(next + (2 * keys.Length) + i, column.InnerSplits(splitTypes[i]));
        }
    }
}
